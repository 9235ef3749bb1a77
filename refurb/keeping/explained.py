"""What an export says of each table and column, in French, for whoever opens it without us."""

from typing import Final

# What is of no use elsewhere, or opens a door: each with the reason that the export gives.
LEFT_OUT: Final = {
    "answered_keys": "réponses gardées pour ne rien faire deux fois",
    "count_changes": "comptes, qui se refont",
    "invitations": "invitations, dont le lien ouvre un compte",
    "kept_counts": "comptes, qui se refont",
    "kept_forms": "saisies en cours",
    "mail_settings": "accès au serveur de courriel",
    "months": "calendrier, qui se refait",
    "password_links": "liens de nouveau mot de passe",
    "sessions": "connexions ouvertes",
    "sign_in_lanes": "essais de connexion",
    "tokens": "jetons d'accès",
    "works": "travaux en cours",
}
SECRET_WORDS: Final = ("password", "secret", "sealed", "token")
"""A column whose name holds one of them leaves with no table."""

TABLES: Final = {
    "accessibility_declarations": "Les déclarations d'accessibilité et leurs versions.",
    "accounts": "Les personnes qui se connectent (nom, e-mail, rôle), sans leur mot de passe.",
    "allocations": "Quel appareil est attribué à quelle orientation.",
    "appointments": "Les demi-journées convenues avec les donateurs.",
    "batch_lines": "Les machines passées par un lot de l'atelier.",
    "beneficiaries": "Les personnes et foyers qui reçoivent un appareil. NOMS PROTÉGÉS.",
    "borrowers": "Les personnes qui empruntent. NOMS PROTÉGÉS.",
    "ceremonies": "Les cérémonies de remise.",
    "ceremony_turns": "L'ordre des remises d'une cérémonie.",
    "check_results": "Les réponses à la fiche de contrôle de chaque machine.",
    "clock_acceptances": "Les journaux d'effacement acceptés malgré une horloge fausse.",
    "closed_days": "Les jours de fermeture.",
    "codes": "Les codes des étiquettes et des cartes, et ce qu'ils désignent.",
    "component_counts": "Ce qui a été compté au départ et au retour d'un prêt.",
    "components": "Ce que contient un matériel prêté.",
    "contacts": "Les personnes à qui écrire dans les organisations. NOMS PROTÉGÉS.",
    "conventions": "Les conventions avec les organisations, et leurs dates.",
    "damages": "Les dégâts constatés au retour.",
    "debts": "Ce qui reste dû après un prêt.",
    "declared_items": "Les machines telles que les donateurs les ont déclarées.",
    "destructions": "Les supports détruits : comment, par qui, devant quel témoin.",
    "device_macs": "Les adresses réseau lues dans les machines.",
    "device_targets": "Ce que vaut chaque machine, selon la grille du jour.",
    "devices": "Les machines, par le code de leur étiquette.",
    "donation_lines": "Par nature de matériel : annoncé et compté à l'arrivée.",
    "donations": "Les dons.",
    "donor_lists": "Les listes envoyées par les donateurs.",
    "donor_questions": "Les questions posées aux donateurs, et leurs réponses.",
    "donor_statements": "Les certificats d'effacement remis par les donateurs.",
    "drive_stays": "Dans quelle machine chaque support s'est trouvé, et quand.",
    "drives": "Les supports de stockage.",
    "effects": "Les envois promis et ce qu'ils sont devenus.",
    "erasure_reports": "Les rapports des outils d'effacement.",
    "erasure_statements": "Les effacements sans journal, attestés par deux personnes.",
    "erasures": "Ce que chaque rapport dit de chaque support, et si c'est une preuve.",
    "event_notes": "Les notes libres jointes aux événements.",
    "events": "L'historique de tout ce qui a été fait, chaîné par empreintes.",
    "flags": "Ce qui retient une machine, et quand c'est levé.",
    "handovers": "Les remises.",
    "hardware_reports": "Les rapports matériels lus dans les machines.",
    "holdings": "Quelle machine était entre les mains de qui, et quand.",
    "items": "Les objets qui se prêtent.",
    "keeping_runs": "Les sauvegardes et les essais de restauration.",
    "label_run_codes": "Les codes d'un tirage d'étiquettes.",
    "label_runs": "Les tirages d'étiquettes.",
    "letterhead_signatories": "Les signataires des papiers. NOMS PROTÉGÉS.",
    "letterheads": "L'en-tête du territoire et ses versions.",
    "list_mappings": "Comment se lit la liste habituelle d'un donateur.",
    "loan_lines": "Chaque objet d'un prêt, son départ et son retour.",
    "loans": "Les prêts.",
    "organisations": "Donateurs, partenaires, emprunteurs : les personnes morales. Peut contenir des noms.",
    "paper_numbers": "Le dernier numéro donné à chaque sorte de papier.",
    "papers": "Les papiers émis, avec leur texte et l'empreinte de leur fichier. Peut contenir des noms.",
    "part_moves": "Les entrées et sorties de pièces.",
    "parts": "Les pièces détachées.",
    "products": "Ce qui peut être demandé en prêt.",
    "proposals": "Les dons proposés par le formulaire public. NOMS PROTÉGÉS.",
    "reference_counters": "Le dernier numéro de chaque série de références.",
    "referrals": "Les orientations écrites par les partenaires. NOMS PROTÉGÉS.",
    "refused_lots": "Ce qui a été refusé à l'arrivée.",
    "rejudgements": "Les preuves d'effacement jugées de nouveau.",
    "role_grants": "Les rôles de chaque personne, et où ils valent.",
    "security_events": "Le journal de sécurité.",
    "signings": "Les textes signés, tels qu'ils ont été montrés. NOMS PROTÉGÉS.",
    "sites": "Les lieux.",
    "told_apart": "Les machines dont il est dit qu'elles sont deux.",
    "usual_sites": "Où chaque compte travaille d'habitude.",
    "waste_batches": "Les enlèvements de déchets, pour le registre.",
    "waste_lines": "Ce que contient chaque enlèvement.",
}

COLUMNS: Final = {
    "accepted_at": "Accepté le",
    "actor_id": "Qui (compte)",
    "address": "Adresse",
    "allocation_id": "Attribution",
    "announced_on": "Annoncé le",
    "answer": "Réponse",
    "asked_at": "Demandé le",
    "at": "Quand",
    "beneficiary_id": "Bénéficiaire",
    "birth_year": "Année de naissance",
    "body": "Texte",
    "borrower_id": "Emprunteur",
    "ceremony_id": "Cérémonie",
    "code": "Code",
    "commune": "Commune",
    "content": "Contenu",
    "cost_cents": "Coût en centimes",
    "cpu": "Processeur",
    "created_at": "Créé le",
    "decided_at": "Décidé le",
    "device_id": "Machine",
    "digest": "Empreinte",
    "donation_id": "Don",
    "donor_id": "Donateur",
    "drive_id": "Support",
    "due_on": "À rendre le",
    "email": "E-mail",
    "ended_at": "Fini le",
    "event_id": "Événement",
    "facts": "Faits",
    "file": "Fichier (empreinte SHA-256)",
    "filename": "Nom du fichier",
    "first_name": "Prénom",
    "handed_at": "Remis le",
    "id": "Numéro",
    "is_active": "Actif",
    "issued_at": "Émis le",
    "item_id": "Objet",
    "kind": "Nature",
    "labelled_at": "Étiqueté le",
    "language": "Langue",
    "last_name": "Nom de famille",
    "lifted_at": "Levé le",
    "loan_id": "Prêt",
    "manufacturer": "Fabricant",
    "medium": "Support",
    "method": "Méthode",
    "model": "Modèle",
    "move": "Action",
    "moved_at": "Changé le",
    "name": "Nom",
    "note": "Note",
    "number": "N°",
    "organisation_id": "Organisation",
    "outcome": "Issue",
    "paper_id": "Papier",
    "part_id": "Pièce",
    "partner_id": "Partenaire",
    "phone": "Téléphone",
    "photo": "Photo (empreinte SHA-256)",
    "picture": "Image (empreinte SHA-256)",
    "place": "Lieu",
    "planned_at": "Prévu le",
    "position": "Rang",
    "postcode": "Code postal",
    "previous": "Empreinte précédente",
    "product_id": "Produit",
    "quantity": "Quantité",
    "question": "Question",
    "raised_at": "Levé depuis",
    "ram_mb": "Mémoire (Mio)",
    "reason": "Motif",
    "received_at": "Reçu le",
    "received_on": "Reçu le",
    "reference": "Référence",
    "referral_id": "Orientation",
    "replaces_id": "Remplace",
    "role": "Rôle",
    "serial": "N° de série",
    "signed_at": "Signé le",
    "since": "Depuis",
    "siren": "SIREN",
    "siret": "SIRET",
    "site_id": "Site",
    "size": "Taille (octets)",
    "size_bytes": "Taille (octets)",
    "started_at": "Commencé le",
    "starts_at": "Commence le",
    "state": "État",
    "status": "Statut",
    "street": "Rue",
    "subject_id": "Objet (numéro)",
    "subject_kind": "Objet (nature)",
    "technique": "Technique",
    "text": "Texte",
    "title": "Titre",
    "tool": "Outil",
    "until": "Jusqu'au",
    "voided_at": "Annulé le",
    "weight_g": "Poids (g)",
    "year": "Année",
}


def heading(column: str) -> str:
    """The heading of a column in a spreadsheet: in words, then as the other files call it."""
    return f"{COLUMNS[column]} ({column})" if column in COLUMNS else column


README: Final = """# Vos données

Export du {date}, de {house}. Tout ce que ce territoire a écrit dans Refurb est ici, en formats ouverts, pour continuer ailleurs.

- `tableaux/` : un fichier CSV par sorte de chose (UTF-8, point-virgule), à ouvrir avec un tableur. Les dates sont en temps universel (UTC).
- `json/` : les mêmes lignes, une par ligne de texte (JSON), pour un programme. Les colonnes portent les mêmes noms.
- `fichiers/` : les papiers émis, les photos, les rapports, rangés par tableau et par numéro de ligne.
- `fichiers.csv` : pour chaque fichier, la ligne qui le nomme et son empreinte SHA-256.

Une colonne qui finit par `_id` contient le « Numéro » d'une ligne d'un autre tableau.

**Des personnes sont nommées ici.** Les tableaux marqués « NOMS PROTÉGÉS », les papiers et les notes relèvent du RGPD : gardez ce dossier
chiffré, ne le confiez qu'à qui en a besoin, effacez-le quand il a servi.

## Les tableaux

{tables}

## Ce qui n'est pas ici

{left_out}
Les mots de passe et les clés ne quittent pas l'installation, et ce dossier ne s'y remet pas : pour cela, il y a `refurb backup`.
"""
