"""What stands around every page: an address that is kept for everybody holds nothing of whoever asked first."""

from refurb.kernel.web.shell import fixed_url


def test_an_address_that_is_kept_does_not_follow_the_request(app):
    fixed_url.cache_clear()
    with app.test_request_context("/connexion", environ_overrides={"SCRIPT_NAME": "//ailleurs.example"}):
        assert fixed_url("accounts.sign_in") == "/connexion"
    with app.test_request_context("/"):
        assert fixed_url("accounts.sign_in") == "/connexion"
