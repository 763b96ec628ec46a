from tests import factories


def test_a_user_is_found_again(database):
    user = factories.coordinator(database)
    assert user.scope.covers("35")
    assert not user.scope.covers("39")
