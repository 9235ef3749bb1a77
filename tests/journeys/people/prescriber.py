"""What the social worker of a partner does in the journeys: refers a person, then sees where it stands."""

from urllib.parse import urlsplit

from tests.support.visitor import Visitor


class Prescriber(Visitor):
    """A social worker at her desk, twelve minutes between two families."""

    def refers(self, first_name: str, last_name: str) -> str:
        """Submit a referral for somebody who has no computer; its reference."""
        self.open("/")
        self.page.get_by_role("navigation").get_by_role("link", name="Orienter").first.click()
        self.page.wait_for_url("**/orientations/nouvelle")
        self.look()
        self.fill("Prénom", first_name)
        self.fill("Nom", last_name)
        self.fill("Année de naissance", "1979")
        self.fill("Commune", "Poitiers")
        self.tick("Par téléphone ou SMS", within="Comment la joindre ?")
        self.fill("Téléphone", "07 56 78 90 12")
        self.tick("Ordinateur portable", within="Appareil demandé")
        self.tick("Les démarches en ligne", within="Pour quoi faire ?")
        self.page.get_by_role("group", name="Situation").get_by_role("radio").first.check()
        self.tick("Aujourd'hui", within="Éligibilité vérifiée le")
        self.tick("Aujourd'hui", within="Notice d'information remise le")
        self.press("Transmettre")
        self.sees("Transmise", f"{first_name} {last_name}")
        return urlsplit(self.page.url).path.rpartition("/")[2]

    def sees_only_her_own(self, own: str, *others: str) -> None:
        """Her list has her organisation's referrals; an address of another's is nothing."""
        self.open("/orientations")
        self.sees(own)
        self.does_not_see(*others)
        for each in others:
            self.open(f"/orientations/{each}")
            assert self.status == 404

    def reads_where_it_stands(self, reference: str, state: str) -> None:
        """Open a referral and read its state."""
        self.open(f"/orientations/{reference}")
        self.sees(state)
