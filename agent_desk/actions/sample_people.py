"""Customers who do not exist: common names, real towns, telephone numbers reserved for fiction, example.org."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from agent_desk.rules.search import fold
from agent_desk.rules.session import Customer, Segment, Territory

AGENTS = ("Nadia Leroy", "Karim Haddad", "Solène Briand", "Mathieu Faure")

WOMEN = (
    "Claire", "Yvette", "Inès", "Sandrine", "Léa", "Monique", "Amélie", "Fatou", "Noémie", "Josiane", "Céline",
    "Aïcha", "Gaëlle", "Martine", "Zoé", "Brigitte", "Éloïse", "Maryse", "Nathalie", "Françoise",
)  # fmt: skip
MEN = (
    "Karim", "Paul", "Gérard", "Hugo", "Loïc", "Thierry", "Moussa", "Étienne", "Jean-Marc", "Raphaël", "Olivier",
    "Bernard", "Anaël", "Didier", "Noël", "Rémi", "Stéphane", "Youssef", "Valentin", "Gaston",
)  # fmt: skip
SURNAMES = (
    "Morvan", "Benali", "Blin", "Garnier", "Roux", "Le Gall", "Fontaine", "Nguyen", "Lefèvre", "Marchand", "Diallo",
    "Perrin", "Gauthier", "Da Silva", "Lemoine", "Hamon", "Royer", "Barbier", "Chevalier", "Caron", "Picard",
    "Renaud", "Schmitt", "Payet", "Hoarau", "Césaire", "Madi", "Lambert", "Rivière", "Guérin", "Boulanger", "Aubry",
    "Vidal", "Colin", "Joly", "Besson", "Tessier", "Prévost", "Leclercq", "Mallet",
)  # fmt: skip
COMPANIES = ("SARL Atelier Kerzu", "Menuiserie Aubry", "Cabinet Tessier", "Boulangerie Joly", "Garage Besson et fils")
STREETS = (
    "rue des Embruns", "rue de la Gare", "allée des Tilleuls", "place du Marché", "chemin du Moulin",
    "avenue Victor-Hugo", "impasse des Lilas", "rue du Four", "quai des Pêcheurs", "route de la Forêt",
)  # fmt: skip
TOWNS: Mapping[Territory, tuple[tuple[str, str], ...]] = {
    Territory.METROPOLE: (
        ("29000", "Quimper"), ("35000", "Rennes"), ("44000", "Nantes"), ("75011", "Paris"), ("69003", "Lyon"),
        ("33000", "Bordeaux"), ("59000", "Lille"), ("31000", "Toulouse"), ("13006", "Marseille"), ("63000", "Clermont-Ferrand"),
        ("87000", "Limoges"), ("21000", "Dijon"), ("14000", "Caen"), ("66000", "Perpignan"),
    ),
    Territory.ALSACE_MOSELLE: (("67000", "Strasbourg"), ("68100", "Mulhouse"), ("57000", "Metz")),
    Territory.GUADELOUPE: (("97110", "Pointe-à-Pitre"), ("97122", "Baie-Mahault")),
    Territory.MARTINIQUE: (("97200", "Fort-de-France"), ("97232", "Le Lamentin")),
    Territory.GUYANE: (("97300", "Cayenne"), ("97310", "Kourou")),
    Territory.REUNION: (("97400", "Saint-Denis"), ("97410", "Saint-Pierre")),
    Territory.MAYOTTE: (("97600", "Mamoudzou"),),
}  # fmt: skip
# Ranges no subscriber will ever have, in the five regions of the numbering plan.
FICTION = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49")
PROVIDERS = ("no_address", "mailbox_broken", "refused")


@dataclass(frozen=True, slots=True)
class Where:
    """How often a sample customer lives in a territory."""

    territory: Territory
    weight: int


SPREAD = (
    Where(Territory.METROPOLE, 84),
    Where(Territory.ALSACE_MOSELLE, 6),
    Where(Territory.REUNION, 4),
    Where(Territory.GUADELOUPE, 2),
    Where(Territory.MARTINIQUE, 2),
    Where(Territory.GUYANE, 1),
    Where(Territory.MAYOTTE, 1),
)


def sample_customer(chance: Random) -> Customer:
    """Return one customer with everything asked; `chance` decides, the same seed gives the same people."""
    woman = chance.random() < 0.5
    first_name, surname = chance.choice(WOMEN if woman else MEN), chance.choice(SURNAMES)
    territory = chance.choices([one.territory for one in SPREAD], [one.weight for one in SPREAD])[0]
    postcode, city = chance.choice(TOWNS[territory])
    pro = chance.random() < 0.12
    login = _login(first_name, surname)
    mailed = chance.random() < 0.93
    return Customer(
        title="mme" if woman else "m",
        surname=surname,
        first_name=first_name,
        company=chance.choice(COMPANIES) if pro else "",
        address=f"{chance.randint(1, 120)}, {chance.choice(STREETS)}",
        postcode=postcode,
        city=city,
        login=login,
        customer_number=f"{chance.randint(100, 999)} {chance.randint(0, 999):03d} {chance.randint(0, 999):03d}",
        callback_number=f"{chance.choice(FICTION)} {chance.randint(0, 99):02d} {chance.randint(0, 99):02d}",
        email=f"{login}@example.org" if mailed else "",
        no_email_reason="" if mailed else chance.choice(PROVIDERS),
        segment=Segment.PRO if pro else Segment.RESIDENTIAL,
        territory=territory,
        subscription=True,
    )


def _login(first_name: str, surname: str) -> str:
    return ".".join(re.sub(r"[^a-z]", "", fold(part)) for part in (first_name, surname))
