// What a mentor types is kept on the phone until it has been sent, once: through a reload, the end
// of a session and no network. It belongs to one user, and goes with the sending or the sign-out.
"use strict";
(() => {
  const { user: signedIn, worker, shell } = document.currentScript.dataset;
  const store = (() => {
    try {
      window.localStorage.length;
      return window.localStorage;
    } catch {
      return null; // a browser that keeps nothing: the forms work as everywhere else
    }
  })();
  if (!store) return;

  const WHO = "mentorship:who";
  if (!shell && signedIn) store.setItem(WHO, signedIn);
  if (!shell && !signedIn) store.removeItem(WHO);
  const user = store.getItem(WHO);
  const own = (kind) => `mentorship:${kind}:${user}:`;
  const keys = (kind) => Object.keys(store).filter((key) => key.startsWith(own(kind)));
  const read = (key) => JSON.parse(store.getItem(key) ?? "null");
  const keep = (key, value) => store.setItem(key, JSON.stringify(value));
  const notice = document.getElementById("unsent");
  const words = notice?.dataset ?? {};

  const say = (text, ...more) => {
    if (!notice) return;
    const line = document.createElement("p");
    line.textContent = text;
    notice.replaceChildren(line, ...more);
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  };
  const link = (word, address) => {
    const made = document.createElement("a");
    made.textContent = word;
    made.href = address;
    return made;
  };
  const press = (word, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = word;
    made.addEventListener("click", act);
    return made;
  };

  // One attempt to send an entry: the answer says whether it is there, wrong, or to be sent later.
  const send = async (item) => {
    try {
      const asked = await fetch("/phone/token", { cache: "no-store" });
      const { user: now, token } = await asked.json();
      if (now === null) return { state: "signed-out" };
      if (String(now) !== item.user) return { state: "later" };
      const answer = await fetch(item.address, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams({ ...item.values, client_id: item.name, csrf_token: token }),
      });
      const json = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (answer.ok && json) return { state: "sent", ...(await answer.json()) };
      if (answer.status === 422 && json) return { state: "wrong", ...(await answer.json()) };
      if ([403, 404].includes(answer.status)) return { state: "wrong", problem: words.gone };
      return { state: "later" };
    } catch {
      return { state: "later" };
    }
  };

  const later = (state) =>
    state === "signed-out"
      ? say(words.signIn, link(words.toSignIn, `/sign-in?next=${location.pathname}`))
      : say(words.kept);

  // Everything that waits is sent as soon as there is a network and its writer is signed in.
  const sendAll = async () => {
    const sent = [];
    for (const key of keys("unsent")) {
      const item = read(key);
      if (!item) continue;
      const answer = await send(item);
      if (answer.state === "sent") {
        store.removeItem(key);
        sent.push(answer);
      } else if (answer.state === "wrong") {
        keep(own("draft") + item.about, item);
        store.removeItem(key);
        say(`${words.wrong} ${answer.problem}`, link(words.open, item.page));
        return sent;
      } else {
        later(answer.state);
        return sent;
      }
    }
    if (sent.length && !shell) say(words.sent.replace("{count}", sent.length));
    return sent;
  };
  const whenFree = (act) =>
    navigator.locks ? navigator.locks.request("mentorship-unsent", act) : act();

  const SKIP = ["csrf_token", "form_token", "client_id"];
  const valuesOf = (form) =>
    Object.fromEntries([...new FormData(form)].filter(([name]) => !SKIP.includes(name)));
  const fill = (form, values) => {
    for (const field of form.elements) {
      if (!field.name || SKIP.includes(field.name) || !(field.name in values)) continue;
      if (field.type === "radio") field.checked = field.value === values[field.name];
      else field.value = values[field.name];
    }
  };
  const today = () => new Date().toLocaleDateString("ru-RU");

  const prepare = (form) => {
    const address = form.dataset.draft || location.pathname;
    const day = new URLSearchParams(location.search).get("slot_on") ?? "";
    const about = address + (day && `#${day}`);
    const key = own("draft") + about;
    const draft = read(key);
    const name = form.elements.client_id.value || draft?.name || crypto.randomUUID();
    form.elements.client_id.value = name;
    if (shell && !draft && form.elements.held_on) form.elements.held_on.value = today();
    if (draft && !("answered" in form.dataset)) fill(form, draft.values);
    const entry = () => {
      const values = valuesOf(form);
      if (day) values.slot_on = day;
      return { user, name, about, address, page: location.pathname + location.search, values };
    };
    form.addEventListener("input", () => keep(key, entry()));

    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation(); // nicer.js would mark it as sent for good
      if (busy) return;
      busy = true;
      const waiting = own("unsent") + name;
      keep(waiting, entry());
      store.removeItem(key);
      const answer = await send(entry());
      busy = false;
      if (answer.state === "sent") {
        store.removeItem(waiting);
        location.assign(answer.address);
      } else if (answer.state === "wrong") {
        keep(key, entry());
        store.removeItem(waiting);
        if (shell) return say(`${words.wrong} ${answer.problem}`);
        const { token } = await (await fetch("/phone/token", { cache: "no-store" })).json();
        form.elements.csrf_token.value = token;
        HTMLFormElement.prototype.submit.call(form); // the page says what is wrong beside the field
      } else {
        form.hidden = true;
        later(answer.state);
      }
    });
  };

  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (!user) continue;
    prepare(form);
    form.hidden = false;
  }
  if (shell) {
    if (!user) say(words.nobody);
    window.addEventListener("online", async () => {
      const sent = await whenFree(sendAll);
      if (sent.length) location.assign(sent.at(-1).address);
      else if (user && !keys("unsent").length) location.reload();
    });
    if (user && keys("unsent").length) say(words.kept);
  } else if (user) {
    whenFree(sendAll);
    window.addEventListener("online", () => whenFree(sendAll));
  }

  // Whoever signs out leaves nothing here; what was not sent yet is asked about first.
  for (const leave of document.querySelectorAll("form.leave")) {
    leave.addEventListener("submit", (event) => {
      const kept = [...keys("unsent"), ...keys("draft")];
      if (kept.length && !window.confirm(words.leave.replace("{count}", kept.length))) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      for (const key of kept) store.removeItem(key);
      store.removeItem(WHO);
    });
  }

  if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker);
})();
