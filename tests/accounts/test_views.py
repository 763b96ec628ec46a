from tests import factories


def test_somebody_with_the_right_password_is_let_in(store, sign_in):
    client = sign_in(factories.administrator(store))
    assert client.page("/users").h1
