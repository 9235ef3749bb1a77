"""A secret key is rotated: what the older one signed is still read, until it is forgotten; each purpose has a key of its own."""

import pytest

from refurb.accounts.sessions import FORMS
from refurb.directory.mailing.sealing import CannotBeOpened, seal, unseal
from refurb.documents.links import LinkBroken, make_link, open_link
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.keys import derived, key_for, keys_for

NEW = "another secret key, and long enough"


def rotate(app, *, keep=True):
    app.config["SECRET_KEY_FALLBACKS"] = [app.secret_key] if keep else []
    app.secret_key = NEW
    app.config["WTF_CSRF_SECRET_KEY"] = keys_for(FORMS, app)


def test_each_purpose_has_its_key(context):
    assert key_for("links") == derived(context.secret_key, "links")
    assert len({key_for("links"), key_for("cookies"), context.secret_key}) == 3
    assert keys_for("links")[-1] == key_for("links")
    rotate(context)
    assert key_for("links") == derived(NEW, "links") == keys_for("links")[-1]
    assert len(set(keys_for("links"))) == 4


@pytest.mark.parametrize("backend", ["sqlite"])
def test_links_and_sealed_passwords_outlive_a_rotation(context):
    link, sealed = make_link("donor papers", 7), seal("mot de passe")
    rotate(context)
    assert open_link("donor papers", link) == 7
    assert open_link("donor papers", make_link("donor papers", 8)) == 8
    assert unseal(sealed) == "mot de passe"
    rotate(context, keep=False)
    with pytest.raises(LinkBroken):
        open_link("donor papers", link)
    with pytest.raises(CannotBeOpened):
        unseal(sealed)


def test_a_session_and_its_open_form_outlive_a_rotation(app, signed_in):
    client = signed_in(Role.ADMIN)
    token = client.token()
    rotate(app)
    assert client.get("/sauvegardes").status_code == 200
    assert client.post("/sauvegardes/essayer", data={"csrf_token": token}).status_code == 303
    assert client.submit("/sauvegardes/sauvegarder").status_code == 303
    rotate(app, keep=False)
    app.secret_key = "a third one, which knows nobody at all"
    assert client.get("/sauvegardes").status_code == 303
