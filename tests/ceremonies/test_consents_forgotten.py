"""A consent is forgotten a while after its end, never while something still hangs; and the person's copy tells of it."""

from datetime import timedelta

from refurb.ceremonies.consents.actions import withdraw
from refurb.ceremonies.consents.uses import record_use, take_down
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.persons import AGREED, INVITED, ceremonies_of_referral
from refurb.ceremonies.retention import TERMS
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from tests.support.story import agreed, families, gala, people

TERM = next(each for each in TERMS if each.key == "ceremonies.consents")


def night():
    with unit_of_work():
        return TERM()


def test_forgotten_a_year_after_its_end_once_nothing_hangs(context):
    office = people.actor(Role.COORDINATOR)
    consent = agreed.given(gala.family(gala.planned(families.allocated())), naming="Awa")
    with unit_of_work():
        use = record_use(
            office, consent.invitation.ceremony, what="Affiche", channel=ConsentChannel.PHOTO, showing=Showing.POSTER, spot="Vitrine",
            keeper="Samira", published_on=today(), persons=[consent],
        )  # fmt: skip
        withdraw(office, consent)
    assert night() == 0
    with at(now() + timedelta(days=400)):
        assert (night(), TERM.count_held()) == (0, 1)
        with unit_of_work():
            take_down(office, use)
        assert night() == 1
        assert (consent.name, consent.shown_as, consent.voices[0].name) == ("Nom effacé", None, "Nom effacé")
        assert (consent.paper.forgotten_at is not None, use.what) == (True, ERASED)


def test_the_copy_of_her_data_tells_a_family_and_a_guest_of_their_consents(context):
    allocation = families.allocated()
    ceremony = gala.planned(allocation)
    guest = gala.guest(ceremony)
    hers, theirs = agreed.given(gala.family(ceremony)), agreed.given(guest, name="Mme Odile Ferrand")
    told = str([part.facts for part in ceremonies_of_referral(allocation.referral_id)])
    assert ("Awa Diagne" in told, "Ferrand" in told) == (True, False)
    assert "Ferrand" in str(INVITED.known(guest.id))
    assert (AGREED.find(theirs.paper.reference).number, INVITED.find(guest.code).number) == (theirs.id, guest.id)
    assert [len(AGREED.ties(each.id)) for each in (hers, theirs)] == [1, 1]
