"""How roles are told where they are given: what each lets somebody see, and what two of them forbid together."""

from refurb.kernel.deeds.access import GRANTS, Permission, Role
from refurb.kernel.speech.words import _l

SEES = {
    Role.ADMIN: _l("Comptes, réglages, et tout le reste ; voit les noms"),
    Role.COORDINATOR: _l("Voit les noms ; chaque lecture est notée"),
    Role.TECHNICIAN: _l("Ne voit aucun nom de famille"),
    Role.DOCK: _l("Compte et étiquette ce qui arrive ; ne voit aucun nom"),
    Role.DESK: _l("Voit les emprunteurs"),
    Role.ADVISER: _l("Prête, oriente sans structure ; voit les personnes orientées par elle ou lui"),
    Role.ORGANISER: _l("Voit qui est appelé à une cérémonie, pas les dossiers"),
    Role.VISITOR: _l("Voit ses visites du jour seulement"),
    Role.TRAINER: _l("Tient les machines du fablab ; ne voit aucun dossier"),
    Role.MEMBER: _l("Siège en commission ; ne voit aucun nom"),
    Role.PRESCRIBER: _l("Voit les personnes orientées par sa structure"),
    Role.REFERENT: _l("Invite et retire ses collègues"),
    Role.FACILITATOR: _l("Réserve du matériel pour sa structure ; ne voit aucun dossier"),
    Role.OBSERVER: _l("Des chiffres, aucun nom"),
}
"""What each role lets its holder see, said where it is ticked."""

TOGETHER = (
    (
        Permission.REFERRAL_WRITE,
        Permission.REFERRAL_DECIDE,
        _l("Oriente et décide : jamais d'une orientation écrite par soi. Une autre personne en décidera."),
    ),
    (
        Permission.DEVICE_CHECK,
        Permission.DEVICE_APPROVE,
        _l("Contrôle et confirme : jamais son propre contrôle. Une autre personne le confirmera."),
    ),
)
"""What is told of two permissions that one person may not use on the same thing."""


def every_pair() -> list[str]:
    """Whatever two roles forbid together, for whoever is about to give some; in words."""
    return [str(said) for _one, _other, said in TOGETHER]


def forbidden_together(roles: list[Role]) -> list[str]:
    """What these roles, held by one person, forbid together; in words."""
    held = frozenset[Permission]().union(*(GRANTS[role] for role in roles))
    return [str(said) for one, other, said in TOGETHER if {one, other} <= held]
