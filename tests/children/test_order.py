from datetime import date

from tests import factories


def test_children_sorted_by_age_begin_with_the_youngest(store, sign_in):
    home = factories.centre(store)
    for year, name in ((2010, "Үлкен"), (2015, "Кіші"), (2012, "Ортаншы")):
        factories.child(store, birth_date=date(year, 5, 1), last_name=name, centre=home)
    client = sign_in(factories.coordinator(store))
    text = client.page("/children?sort=age").text
    assert text.index("Кіші") < text.index("Ортаншы") < text.index("Үлкен")
    text = client.page("/children?sort=age&dir=desc").text
    assert text.index("Үлкен") < text.index("Ортаншы") < text.index("Кіші")
