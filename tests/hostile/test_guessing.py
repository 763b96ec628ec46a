"""Whoever guesses numbers of slips from a whole network counts as one address."""

from mentorship.voices.transport import network_of


def test_addresses_of_one_household_or_server_count_together():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.7") == network_of("10.0.0.7")
    assert network_of("10.0.0.7") != network_of("10.0.0.8")


def test_what_is_no_address_counts_as_it_stands():
    assert network_of("") == ""
    assert network_of("unix:") == "unix:"
