"""What sample customers ask for, in words people use on the telephone."""

from dataclasses import dataclass
from random import Random

from agent_desk.rules.session import Line, Prerequisites, Segment, VirusTool

PLATFORMS = ("windows-11", "windows-11", "windows-11", "windows-10", "windows-10", "windows-7")


@dataclass(frozen=True, slots=True)
class Request:
    """One reason to call: what is said, what is asked for, and the note the agent leaves."""

    service: str
    said: str
    note: str
    equipment: str = ""
    operations: tuple[str, ...] = ()
    quantity: int = 1
    pro: bool = False


REQUESTS = (
    Request("security.virus-removal", "Des fenêtres s’ouvrent toutes seules et l’ordinateur rame depuis samedi.",
            "Deux extensions indésirables retirées, analyse complète propre.", operations=("removal",)),
    Request("security.virus-removal", "Un message demande de payer pour débloquer l’écran.",
            "Faux message du navigateur, aucun fichier touché.", operations=("removal", "optimisation")),
    Request("security.virus-removal", "L’ordinateur met dix minutes à démarrer.",
            "Programmes au démarrage triés, mises à jour faites.", operations=("optimisation",)),
    Request("livebox.connect-device", "Le nouvel ordinateur ne voit pas la Livebox.", "Adaptateur Wi-Fi réactivé, clé saisie."),
    Request("livebox.connect-device", "La box clignote orange et la tablette n’a plus Internet.", "Livebox redémarrée, Wi-Fi visible."),
    Request("webmail.training", "Je ne sais pas ranger mes messages dans des dossiers.", "Dossiers et filtres montrés, deux essais faits."),
    Request("orange-software.protection", "Je voudrais bloquer certains sites pour les enfants.", "Contrôle parental installé, profil enfant créé."),
    Request("orange-software.applications", "Mes contenus ne s’ouvre plus.", "Application réinstallée."),
    Request("tv.advanced-use", "L’enregistreur n’a pas gardé le film d’hier soir.", "Espace libéré, enregistrement programmé ensemble."),
    Request("phone.setup", "Plus de tonalité sur le téléphone sans fil.", "Base réassociée au combiné."),
    Request("orange-services.cloud", "Les photos du téléphone ne montent pas dans le cloud.", "Sauvegarde automatique activée."),
    Request("mobile.setup", "Le courrier n’arrive plus sur le smartphone.", "Compte recréé en IMAP."),
    Request("mail.software", "Outlook demande le mot de passe sans arrêt.", "Profil réparé, mot de passe enregistré."),
    Request("mail.software", "Thunderbird a perdu tous les dossiers.", "Profil retrouvé, dossiers visibles."),
    Request("mail.account", "Il faut installer les deux adresses de la maison.", "Deux comptes installés, envoi et réception testés.", quantity=2),
    Request("mail.account-own-domain", "L’adresse de la société n’est pas chez Orange.", "Serveurs de l’hébergeur saisis.", pro=True),
    Request("security.antivirus", "L’antivirus acheté en magasin ne s’installe pas.", "Ancien antivirus retiré, nouveau activé."),
    Request("software.windows-setup", "Chacun veut son bureau sur l’ordinateur.", "Trois profils créés."),
    Request("software.application", "Le navigateur plante dès qu’il y a une vidéo.", "Navigateur réinstallé, favoris gardés."),
    Request("devices.mobile-wifi", "La tablette ne prend pas la clé Wi-Fi.", "Clé ressaisie, tablette connectée.", equipment="Galaxy Tab A9"),
    Request("devices.multimedia-wifi", "La console ne trouve pas le réseau.", "Canal Wi-Fi changé, console en ligne.", equipment="PlayStation 5"),
    Request("devices.computer-peripheral", "L’imprimante n’imprime plus depuis la mise à jour.", "Pilote réinstallé, page de test sortie.", equipment="Epson XP-2200"),
    Request("devices.computer-peripheral", "La webcam reste noire en visio.", "Autorisation de la caméra rétablie.", equipment="Logitech C270"),
    Request("network.home", "Les deux ordinateurs ne voient plus le dossier partagé.", "Partage recréé sur les deux postes."),
    Request("network.router", "Le routeur de l’étage ne donne plus d’adresse.", "Adresses distribuées par la Livebox seule.", equipment="TP-Link Archer C6"),
    Request("network.livebox-advanced", "Je voudrais ouvrir un port pour la caméra.", "Règle NAT créée et testée."),
    Request("network.livebox-integration", "Il faut ajouter la Livebox au réseau du cabinet.", "Livebox en passerelle, plan d’adresses noté.", pro=True),
    Request("help.usage", "Comment copier mes photos sur une clé ?", "Copie faite ensemble, méthode notée."),
)  # fmt: skip


def sample_requests(chance: Random, segment: Segment) -> tuple[Request, ...]:
    """Return one request, sometimes two of different services, that this segment may have."""
    sold = [one for one in REQUESTS if segment is Segment.PRO or not one.pro]
    first = chance.choice(sold)
    if chance.random() < 0.8:
        return (first,)
    return first, chance.choice([one for one in sold if one.service != first.service])


def request_for(service: str) -> Request:
    """Return the first request for that service; StopIteration where there is none."""
    return next(one for one in REQUESTS if one.service == service)


def sample_lines(requests: tuple[Request, ...]) -> tuple[Line, ...]:
    """Return the service lines of these requests."""
    return tuple(
        Line(one.service, quantity=one.quantity, operations=one.operations, equipment=one.equipment) for one in requests
    )


def sample_prerequisites(chance: Random) -> Prerequisites:
    """Return prerequisites that let the work go on."""
    return Prerequisites(
        platform=chance.choice(PLATFORMS),
        discs=True,
        conformity=True,
        internet_working=True,
        virus_tool=VirusTool.FREE,
    )
