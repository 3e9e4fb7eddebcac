<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>CaseExport</name>
    <message>
        <source>Case file as PDF</source>
        <translation>Dossier en PDF</translation>
    </message>
    <message>
        <source>Everything about this session on paper</source>
        <translation>Tout ce qui est gardé de cette session, sur papier</translation>
    </message>
</context>
<context>
    <name>Catalogue</name>
    <message>
        <source>The customer’s words: “virus”, “box”, “printer”…</source>
        <translation>Les mots du client : « virus », « box », « imprimante »…</translation>
    </message>
    <message>
        <source>Search the catalogue</source>
        <translation>Chercher dans le catalogue</translation>
    </message>
    <message>
        <source>No service answers to these words. Try another, or clear the field to see all of them.</source>
        <translation>Aucun service ne répond à ces mots. Essayez-en un autre, ou videz le champ pour les voir tous.</translation>
    </message>
</context>
<context>
    <name>CatalogueScreen</name>
    <message>
        <source>Changes of prices and texts</source>
        <translation>Changements de prix et de textes</translation>
    </message>
    <message>
        <source>Changes…</source>
        <translation>Changements…</translation>
    </message>
    <message>
        <source>New prices and texts: what was proposed, what comes, who decided</source>
        <translation>Nouveaux prix et textes : ce qui est proposé, ce qui vient, qui a décidé</translation>
    </message>
    <message numerus="yes">
        <source>%n service(s)</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Catalogue</translation>
    </message>
    <message>
        <source>Copy this service for the customer</source>
        <translation>Copier ce service pour le client</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>Domain</source>
        <translation>Domaine</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Unité</translation>
    </message>
    <message>
        <source>Price incl. VAT</source>
        <translation>Prix TTC</translation>
    </message>
    <message>
        <source>Services found</source>
        <translation>Services trouvés</translation>
    </message>
    <message>
        <source>Prices in force since {0}</source>
        <translation>Prix en vigueur depuis le {0}</translation>
    </message>
</context>
<context>
    <name>ChangeForm</name>
    <message>
        <source>New price or text</source>
        <translation>Nouveau prix ou texte</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>date</comment>
        <translation>d MMM yyyy</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Ce qui change</translation>
    </message>
    <message>
        <source>Which one</source>
        <translation>Lequel</translation>
    </message>
    <message>
        <source>From this day on, 0 h where the customer lives</source>
        <translation>À partir de ce jour, 0 h chez le client</translation>
    </message>
    <message>
        <source>Why, in a few words (kept in the log)</source>
        <translation>Pourquoi, en quelques mots (gardé au journal)</translation>
    </message>
    <message>
        <source>Propose to a second person</source>
        <translation>Proposer à une autre personne</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>Laisser comme c’est</translation>
    </message>
</context>
<context>
    <name>ChangePlaces</name>
    <message>
        <source>Before: {0}</source>
        <translation>Avant : {0}</translation>
    </message>
    <message>
        <source>After: {0}</source>
        <translation>Après : {0}</translation>
    </message>
</context>
<context>
    <name>ChangeReading</name>
    <message>
        <source>Why, in a few words (kept in the log)</source>
        <translation>Pourquoi, en quelques mots (gardé au journal)</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>from {0} on</source>
        <translation>à partir du {0}</translation>
    </message>
    <message>
        <source>Proposed by {0}</source>
        <translation>Proposé par {0}</translation>
    </message>
    <message>
        <source>Write the reason in the field above first</source>
        <translation>Écrivez d’abord le motif dans le champ ci-dessus</translation>
    </message>
</context>
<context>
    <name>Changes</name>
    <message>
        <source>Nothing was proposed so far. Prices and texts are those the program came with.</source>
        <translation>Rien n’a encore été proposé. Prix et textes sont ceux du programme.</translation>
    </message>
</context>
<context>
    <name>ChangesScreen</name>
    <message>
        <source>to decide: {0}</source>
        <translation>à décider : {0}</translation>
    </message>
    <message>
        <source>Prices and texts</source>
        <translation>Prix et textes</translation>
    </message>
    <message>
        <source>Propose a new price or text</source>
        <translation>Proposer un nouveau prix ou texte</translation>
    </message>
    <message>
        <source>Back to the catalogue</source>
        <translation>Retour au catalogue</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Ce qui change</translation>
    </message>
    <message>
        <source>New price</source>
        <translation>Nouveau prix</translation>
    </message>
    <message>
        <source>From</source>
        <translation>À partir du</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Changes of prices and texts</source>
        <translation>Changements de prix et de textes</translation>
    </message>
    <message>
        <source>New price or text</source>
        <translation>Nouveau prix ou texte</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Catalogue</translation>
    </message>
</context>
<context>
    <name>DueRow</name>
    <message>
        <source>late · {0}</source>
        <translation>en retard · {0}</translation>
    </message>
</context>
<context>
    <name>EventRow</name>
    <message>
        <source>✗ broken</source>
        <translation>✗ rompu</translation>
    </message>
    <message>
        <source>follows from the row before</source>
        <translation>suit la ligne précédente</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>rompu</translation>
    </message>
</context>
<context>
    <name>CorrectionCard</name>
    <message>
        <source>Correct the outcome</source>
        <translation>Corriger le résultat</translation>
    </message>
    <message>
        <source>What was wrong, in a few words</source>
        <translation>Ce qui était faux, en quelques mots</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
    <message>
        <source>Home visit</source>
        <translation>Visite à domicile</translation>
    </message>
    <message>
        <source>Correct and write to the customer</source>
        <translation>Corriger et écrire au client</translation>
    </message>
    <message>
        <source>Leave it as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>{0} instead of {1}</source>
        <translation>{0} au lieu de {1}</translation>
    </message>
</context>
<context>
    <name>FaultPanel</name>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Agent Desk</source>
        <translation>Agent Desk</translation>
    </message>
    <message>
        <source>The database cannot be used</source>
        <translation>La base de données est inutilisable</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Open the data folder</source>
        <translation>Ouvrir le dossier des données</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>First start</source>
        <translation>Premier démarrage</translation>
    </message>
    <message>
        <source>Welcome to Agent Desk</source>
        <translation>Bienvenue dans Agent Desk</translation>
    </message>
    <message>
        <source>Three questions, and you can take a call. Everything can be changed later in Settings.</source>
        <translation>Trois questions, et vous pouvez prendre un appel. Tout se change ensuite dans Réglages.</translation>
    </message>
    <message>
        <source>1. Your name</source>
        <translation>1. Votre nom</translation>
    </message>
    <message>
        <source>As customers hear it</source>
        <translation>Tel que le client l’entend</translation>
    </message>
    <message>
        <source>2. E-mail relay</source>
        <translation>2. Relais de courriel</translation>
    </message>
    <message>
        <source>Later: leave empty, mails wait in the outbox</source>
        <translation>Plus tard : laissez vide, les courriels attendront</translation>
    </message>
    <message>
        <source>3. Language</source>
        <translation>3. Langue</translation>
    </message>
    <message>
        <source>Add realistic sample sessions to try things out</source>
        <translation>Ajouter des sessions d’exemple réalistes pour essayer</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Commencer</translation>
    </message>
</context>
<context>
    <name>HelpScreen</name>
    <message>
        <source>Ask a supervisor for help; again: no longer</source>
        <translation>Demander de l’aide à un superviseur ; encore : plus besoin</translation>
    </message>
    <message>
        <source>Lock the desk, where you signed in</source>
        <translation>Verrouiller le poste, si vous vous êtes identifié</translation>
    </message>
    <message>
        <source>Hand over to a colleague or a team</source>
        <translation>Confier à un collègue ou à une équipe</translation>
    </message>
    <message>
        <source>Of two versions, keep what I typed</source>
        <translation>De deux versions, garder ma saisie</translation>
    </message>
    <message>
        <source>Of two versions, take the other one</source>
        <translation>De deux versions, prendre l’autre</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <comment>key</comment>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Partout</translation>
    </message>
    <message>
        <source>Find a customer, a session, a service, a command</source>
        <translation>Trouver un client, une session, un service, une commande</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Nouvelle session</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>This page</source>
        <translation>Cette page</translation>
    </message>
    <message>
        <source>Bring lists up to date</source>
        <translation>Mettre les listes à jour</translation>
    </message>
    <message>
        <source>In a session</source>
        <translation>Dans une session</translation>
    </message>
    <message>
        <source>Go to a step</source>
        <translation>Aller à une étape</translation>
    </message>
    <message>
        <source>Next step; at the end, close and send</source>
        <translation>Étape suivante ; à la fin, clore et envoyer</translation>
    </message>
    <message>
        <source>Put aside, take up later</source>
        <translation>Mettre de côté, reprendre plus tard</translation>
    </message>
    <message>
        <source>Enter</source>
        <comment>key</comment>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Next field</source>
        <translation>Champ suivant</translation>
    </message>
    <message>
        <source>The call is cut off</source>
        <translation>L’appel est coupé</translation>
    </message>
    <message>
        <source>Everything typed is saved within half a second. Press F4: the session waits in Today under “Put aside” and reopens at the same field.</source>
        <translation>Tout ce qui est tapé est enregistré en une demi-seconde. Pressez F4 : la session attend dans Aujourd’hui, sous « Mises de côté », et se rouvre au même champ.</translation>
    </message>
    <message>
        <source>A confirmation does not leave</source>
        <translation>Une confirmation ne part pas</translation>
    </message>
    <message>
        <source>Mails wait in the outbox and are tried again by themselves. What needs you stands in Today under “Stuck”: send again, print as a letter, or save the mail as a file. A mail marked uncertain may have arrived: ask the customer before you send it again.</source>
        <translation>Les courriels attendent et sont réessayés seuls. Ce qui a besoin de vous est dans Aujourd’hui, sous « Bloqués » : renvoyer, imprimer en lettre, ou enregistrer dans un fichier. Un courriel incertain est peut-être arrivé : demandez au client avant de le renvoyer.</translation>
    </message>
    <message>
        <source>Why this amount?</source>
        <translation>Pourquoi ce montant ?</translation>
    </message>
    <message>
        <source>Each line of a decision carries the rule and the article behind it. Open the session in the Journal: its timeline shows what was said, agreed, done and decided, in order.</source>
        <translation>Chaque ligne d’une décision porte la règle et l’article qui la justifient. Ouvrez la session dans le Journal : son fil montre ce qui a été dit, accepté, fait et décidé, dans l’ordre.</translation>
    </message>
    <message>
        <source>A price or a text changes</source>
        <translation>Un prix ou un texte change</translation>
    </message>
    <message>
        <source>In the Catalogue, F7 shows what was proposed. A supervisor or an administrator proposes with F6, another one approves with F2 or rejects with F3; it holds from its day on at every desk. Whoever agreed before keeps theirs.</source>
        <translation>Dans le Catalogue, F7 montre ce qui est proposé. Un superviseur ou un administrateur propose avec F6, un autre approuve avec F2 ou refuse avec F3 ; cela vaut à sa date sur tous les postes. Qui a donné son accord avant garde le sien.</translation>
    </message>
    <message>
        <source>Is the log whole?</source>
        <translation>Le journal est-il intact ?</translation>
    </message>
    <message>
        <source>In the Journal, “Check the chain” reads every event again and names the first that does not fit. Settings can keep a copy of each checkpoint outside this machine.</source>
        <translation>Dans le Journal, « Vérifier la chaîne » relit chaque événement et nomme le premier qui ne va pas. Les Réglages peuvent garder une copie de chaque point de contrôle hors de ce poste.</translation>
    </message>
    <message>
        <source>Shift</source>
        <comment>key</comment>
        <translation>Maj</translation>
    </message>
    <message>
        <source>Issue a code</source>
        <translation>Émettre un code</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>Copier le code</translation>
    </message>
    <message>
        <source>Take over the identity of a known caller</source>
        <translation>Reprendre l’identité d’un client déjà venu</translation>
    </message>
    <message>
        <source>Protection off or on again</source>
        <translation>Protection coupée ou remise</translation>
    </message>
    <message>
        <source>Ready-made notes</source>
        <translation>Notes toutes prêtes</translation>
    </message>
    <message>
        <source>The pair of words that the customer reads</source>
        <translation>La paire de mots que lit le client</translation>
    </message>
    <message>
        <source>The customer’s screen over the whole screen, and back</source>
        <translation>L’écran du client en plein écran, et retour</translation>
    </message>
    <message>
        <source>Cut the screen share</source>
        <translation>Couper le partage d’écran</translation>
    </message>
    <message>
        <source>See the customer’s screen</source>
        <translation>Voir l’écran du client</translation>
    </message>
    <message>
        <source>Issue a code and dictate it: the customer types it on the page, accepts there and reads two words aloud. Pick that pair: only then can a screen be shown. Nothing is recorded, and either of you can stop at any time. Without the page, note the consent given aloud and guide by telephone.</source>
        <translation>Émettez un code et dictez-le : le client le tape sur la page, y accepte, puis lit deux mots à voix haute. Choisissez cette paire : alors seulement un écran peut être montré. Rien n’est enregistré, et chacun peut arrêter à tout moment. Sans la page, notez l’accord donné de vive voix et guidez par téléphone.</translation>
    </message>
    <message>
        <source>In the Journal</source>
        <translation>Dans le Journal</translation>
    </message>
    <message>
        <source>Check the chain</source>
        <translation>Vérifier la chaîne</translation>
    </message>
    <message>
        <source>More filters</source>
        <translation>Plus de filtres</translation>
    </message>
    <message>
        <source>Export what is listed</source>
        <translation>Exporter la liste</translation>
    </message>
    <message>
        <source>Case file of this session as PDF</source>
        <translation>Dossier de cette session en PDF</translation>
    </message>
    <message>
        <source>Next session to review</source>
        <translation>Session suivante à relire</translation>
    </message>
    <message>
        <source>Good, to improve, fault</source>
        <translation>Conforme, à améliorer, manquement</translation>
    </message>
    <message>
        <source>A session is reviewed</source>
        <translation>Une session est relue</translation>
    </message>
    <message>
        <source>Supervisors review sessions that rules have drawn, and say in a sentence what matters. What comes back to you stands in Today: read it beside the story of the session and answer within seven days.</source>
        <translation>Les superviseurs relisent des sessions que des règles ont tirées, et disent en une phrase ce qui compte. Ce qui vous revient est dans Aujourd’hui : lisez-le à côté de l’histoire de la session et répondez sous sept jours.</translation>
    </message>
    <message>
        <source>What follows: call back, visit, complaint, credit…</source>
        <translation>Suite à donner : rappel, visite, réclamation, avoir…</translation>
    </message>
    <message>
        <source>In Today: go to what comes next</source>
        <translation>Dans Aujourd’hui : passer à ce qui vient ensuite</translation>
    </message>
    <message>
        <source>The customer was told what the call costs</source>
        <translation>Le client sait ce que coûte l’appel</translation>
    </message>
    <message>
        <source>In Figures</source>
        <translation>Dans Pilotage</translation>
    </message>
    <message>
        <source>Service commitments, measured</source>
        <translation>Engagements de service, mesurés</translation>
    </message>
    <message>
        <source>There, a case checked conforms</source>
        <translation>Là, un cas contrôlé est conforme</translation>
    </message>
    <message>
        <source>There, it does not, with a few words</source>
        <translation>Là, il ne l’est pas, avec quelques mots</translation>
    </message>
    <message>
        <source>There, export as PDF or CSV</source>
        <translation>Là, exporter en PDF ou CSV</translation>
    </message>
    <message>
        <source>Today, Session, Catalogue, Journal, Figures, Agenda</source>
        <translation>Aujourd’hui, Session, Catalogue, Journal, Pilotage, Agenda</translation>
    </message>
    <message>
        <source>R, N, C</source>
        <comment>key</comment>
        <translation>J, S, C</translation>
    </message>
    <message>
        <source>Call-back tried: reached, no answer, cut off</source>
        <translation>Rappel tenté : client joint, sans réponse, coupé</translation>
    </message>
    <message>
        <source>In the agenda</source>
        <translation>Dans l’agenda</translation>
    </message>
    <message>
        <source>Move the chosen call with the arrows, then Enter; Esc leaves it</source>
        <translation>Déplacer le rappel choisi avec les flèches, puis Entrée ; Échap le laisse</translation>
    </message>
    <message>
        <source>Alt+Left, Alt+Right</source>
        <comment>key</comment>
        <translation>Alt+gauche, Alt+droite</translation>
    </message>
    <message>
        <source>The week before, the week after</source>
        <translation>Semaine d’avant, semaine d’après</translation>
    </message>
    <message>
        <source>Send the confirmation once more, there or in the session</source>
        <translation>Renvoyer la confirmation (duplicata), là ou dans la session</translation>
    </message>
</context>
<context>
    <name>JournalExport</name>
    <message>
        <source>journal-{0}.csv</source>
        <translation>journal-{0}.csv</translation>
    </message>
    <message>
        <source>Export what is listed</source>
        <translation>Exporter la liste</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>Stop the export</source>
        <translation>Arrêter l’export</translation>
    </message>
    <message>
        <source>Exporting… {0} sessions written</source>
        <translation>Export… sessions écrites : {0}</translation>
    </message>
</context>
<context>
    <name>JournalFilters</name>
    <message>
        <source>Filters ({0})</source>
        <translation>Filtres ({0})</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filtres</translation>
    </message>
    <message>
        <source>Name, number, printer, S-2026…</source>
        <translation>morvan, imprimante, S-2026…</translation>
    </message>
    <message>
        <source>Search sessions</source>
        <translation>Chercher des sessions</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>date</comment>
        <translation>d MMM yyyy</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Jour</translation>
    </message>
    <message>
        <source>All dates</source>
        <translation>Toutes les dates</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>7 derniers jours</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>30 derniers jours</translation>
    </message>
    <message>
        <source>One day…</source>
        <translation>Un jour…</translation>
    </message>
    <message>
        <source>Period</source>
        <translation>Période</translation>
    </message>
    <message>
        <source>All agents</source>
        <translation>Tous les agents</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>All outcomes</source>
        <translation>Tous les résultats</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Résultat</translation>
    </message>
</context>
<context>
    <name>JournalReviews</name>
    <message>
        <source>Next session to review</source>
        <translation>Session suivante à relire</translation>
    </message>
    <message>
        <source>Which sessions are reviewed</source>
        <translation>Quelles sessions sont relues</translation>
    </message>
    <message>
        <source>To review ({0})</source>
        <translation>À relire ({0})</translation>
    </message>
    <message>
        <source>Rules…</source>
        <translation>Règles…</translation>
    </message>
</context>
<context>
    <name>JournalScreen</name>
    <message>
        <source>No session answers to these filters; without “{0}” some do.</source>
        <translation>Aucune session ne répond à ces filtres ; sans « {0} », il y en a.</translation>
    </message>
    <message>
        <source>Take the filter “{0}” away</source>
        <translation>Enlever le filtre « {0} »</translation>
    </message>
    <message>
        <source>Export what is listed</source>
        <translation>Exporter la liste</translation>
    </message>
    <message>
        <source>Journal of sessions</source>
        <translation>Journal des sessions</translation>
    </message>
    <message>
        <source>Check the chain</source>
        <translation>Vérifier la chaîne</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Heure</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Client</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Montant</translation>
    </message>
    <message>
        <source>Mail</source>
        <translation>Courriel</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sessions</translation>
    </message>
    <message>
        <source>No session answers to these filters. Try fewer words or another period.</source>
        <translation>Aucune session ne répond à ces filtres. Essayez moins de mots ou une autre période.</translation>
    </message>
    <message>
        <source>No session yet. Press Ctrl+N when a call comes in.</source>
        <translation>Aucune session pour l’instant. Pressez Ctrl+N quand un appel arrive.</translation>
    </message>
    <message numerus="yes">
        <source>{0} of {1} session(s) · {2} ms</source>
        <translation>
            <numerusform>{0} sur {1} session · {2} ms</numerusform>
            <numerusform>{0} sur {1} sessions · {2} ms</numerusform>
        </translation>
    </message>
    <message>
        <source>Case file of this session as PDF</source>
        <translation>Dossier de cette session en PDF</translation>
    </message>
    <message>
        <source>To review</source>
        <translation>À relire</translation>
    </message>
    <message>
        <source>Send the confirmation once more</source>
        <translation>Renvoyer la confirmation (duplicata)</translation>
    </message>
</context>
<context>
    <name>LogCheck</name>
    <message>
        <source>Check the chain</source>
        <translation>Vérifier la chaîne</translation>
    </message>
    <message>
        <source>Checking every event of the log… {0} read</source>
        <translation>Relecture de chaque événement du journal… {0} lus</translation>
    </message>
    <message>
        <source>Stop the check</source>
        <translation>Arrêter la vérification</translation>
    </message>
</context>
<context>
    <name>MailRow</name>
    <message>
        <source>More actions for this mail: {0}</source>
        <translation>Autres actions pour ce courriel : {0}</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Prices and texts</source>
        <translation>Prix et textes</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Pilotage</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>Nouvelle session</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>Catalogue</source>
        <translation>Catalogue</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Search or act…</source>
        <translation>Rechercher ou agir…</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <comment>key</comment>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Fermer ce message</translation>
    </message>
    <message>
        <source>Feasibility</source>
        <translation>Faisabilité</translation>
    </message>
    <message>
        <source>Feasibility: questions and answers</source>
        <translation>Faisabilité : questions et réponses</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Engagements</translation>
    </message>
    <message>
        <source>Agenda</source>
        <translation>Agenda</translation>
    </message>
</context>
<context>
    <name>MoreFilters</name>
    <message>
        <source>All teams</source>
        <translation>Toutes les équipes</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>Équipe</translation>
    </message>
    <message>
        <source>All services</source>
        <translation>Tous les services</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>All rules</source>
        <translation>Toutes les règles</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>Règle</translation>
    </message>
    <message>
        <source>All consents</source>
        <translation>Tous les accords</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>Accord</translation>
    </message>
    <message>
        <source>All mails</source>
        <translation>Tous les courriels</translation>
    </message>
    <message>
        <source>Mail</source>
        <translation>Courriel</translation>
    </message>
    <message>
        <source>Least billed</source>
        <translation>Facturé, au moins</translation>
    </message>
    <message>
        <source>Any amount billed</source>
        <translation>Tout montant facturé</translation>
    </message>
    <message>
        <source>Least waived</source>
        <translation>Non facturé, au moins</translation>
    </message>
    <message>
        <source>Any amount waived</source>
        <translation>Tout montant non facturé</translation>
    </message>
    <message>
        <source>All reviews</source>
        <translation>Toutes les relectures</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Relecture</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>choose</source>
        <translation>choisir</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouvrir</translation>
    </message>
    <message>
        <source>close</source>
        <translation>fermer</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
    <message>
        <source>Customers</source>
        <translation>Clients</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sessions</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Services</translation>
    </message>
    <message>
        <source>Nothing found. Try a name, a customer number, a session number or a service.</source>
        <translation>Rien trouvé. Essayez un nom, un numéro client, un numéro de session ou un service.</translation>
    </message>
    <message>
        <source>Customer not named yet</source>
        <translation>Client pas encore nommé</translation>
    </message>
    <message>
        <source>new session · {0}</source>
        <translation>nouvelle session · {0}</translation>
    </message>
    <message>
        <source>free of charge</source>
        <translation>offert</translation>
    </message>
    <message>
        <source>Customer, session, service or command</source>
        <translation>Client, session, service ou commande</translation>
    </message>
    <message>
        <source>Search or act</source>
        <translation>Rechercher ou agir</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Résultats</translation>
    </message>
</context>
<context>
    <name>ReturnedRow</name>
    <message>
        <source>Read and answer</source>
        <translation>Lire et répondre</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Relecture</translation>
    </message>
    <message>
        <source>answer by {0}</source>
        <translation>réponse avant le {0}</translation>
    </message>
</context>
<context>
    <name>ReviewCard</name>
    <message>
        <source>Review</source>
        <translation>Relecture</translation>
    </message>
    <message>
        <source>Return to the agent</source>
        <translation>Renvoyer à l’agent</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
    <message>
        <source>Read and understood</source>
        <translation>Lu et compris</translation>
    </message>
    <message>
        <source>Review this session</source>
        <translation>Relire cette session</translation>
    </message>
    <message>
        <source>Why: {0}</source>
        <translation>Pourquoi : {0}</translation>
    </message>
    <message>
        <source>Your answer, in a sentence</source>
        <translation>Votre réponse, en une phrase</translation>
    </message>
    <message>
        <source>What matters, in a sentence</source>
        <translation>Ce qui compte, en une phrase</translation>
    </message>
    <message>
        <source>F3 and F4 want a few words first.</source>
        <translation>F3 et F4 demandent d’abord quelques mots.</translation>
    </message>
</context>
<context>
    <name>ReviewRules</name>
    <message>
        <source>Which sessions are reviewed</source>
        <translation>Quelles sessions sont relues</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Part</translation>
    </message>
    <message>
        <source>Least waived</source>
        <translation>Non facturé au moins</translation>
    </message>
    <message>
        <source>Any amount waived</source>
        <translation>Tout montant non facturé</translation>
    </message>
    <message>
        <source>Only with an uncertain mail</source>
        <translation>Courriel incertain seulement</translation>
    </message>
    <message>
        <source>Name (optional)</source>
        <translation>Nom (facultatif)</translation>
    </message>
    <message>
        <source>One more rule</source>
        <translation>Une règle de plus</translation>
    </message>
    <message>
        <source>%</source>
        <comment>after a number</comment>
        <translation> %</translation>
    </message>
    <message>
        <source>Name of the rule</source>
        <translation>Nom de la règle</translation>
    </message>
    <message>
        <source>Add this rule</source>
        <translation>Ajouter cette règle</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>No rule yet: nothing is drawn.</source>
        <translation>Aucune règle : rien n’est tiré.</translation>
    </message>
    <message>
        <source>All teams</source>
        <translation>Toutes les équipes</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>Équipe</translation>
    </message>
    <message>
        <source>All services</source>
        <translation>Tous les services</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>All outcomes</source>
        <translation>Tous les résultats</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Share of sessions</source>
        <translation>Part des sessions</translation>
    </message>
    <message>
        <source>Waived from</source>
        <translation>Non facturé dès</translation>
    </message>
</context>
<context>
    <name>Samples</name>
    <message>
        <source>Writing sample sessions… you can go on meanwhile.</source>
        <translation>Écriture des sessions d’exemple… vous pouvez continuer.</translation>
    </message>
    <message numerus="yes">
        <source>%n sample session(s) added</source>
        <translation>
            <numerusform>%n session d’exemple ajoutée</numerusform>
            <numerusform>%n sessions d’exemple ajoutées</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ServiceReading</name>
    <message>
        <source>Copy for the customer</source>
        <translation>Copier pour le client</translation>
    </message>
    <message>
        <source>To read aloud</source>
        <translation>À lire au client</translation>
    </message>
    <message>
        <source>Read in {0}</source>
        <translation>Lire en {0}</translation>
    </message>
    <message>
        <source>Copied: {0}</source>
        <translation>Copié : {0}</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Never</source>
        <translation>Jamais</translation>
    </message>
    <message>
        <source>Password and lock</source>
        <translation>Mot de passe et verrouillage</translation>
    </message>
    <message>
        <source>Lock when unused for</source>
        <translation>Verrouiller sans activité après</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Identifiant</translation>
    </message>
    <message>
        <source>Present password</source>
        <translation>Mot de passe actuel</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Nouveau mot de passe</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>Encore une fois</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Base de données</translation>
    </message>
    <message>
        <source>Shared database</source>
        <translation>Base partagée</translation>
    </message>
    <message>
        <source>None: a file on this computer</source>
        <translation>Aucune : un fichier de ce poste</translation>
    </message>
    <message>
        <source>Direct address, behind a pooler</source>
        <translation>Adresse directe, derrière un pooler</translation>
    </message>
    <message>
        <source>Copy for reports</source>
        <translation>Copie pour les rapports</translation>
    </message>
    <message>
        <source>Check the database</source>
        <translation>Vérifier la base</translation>
    </message>
    <message>
        <source>Open it now</source>
        <translation>L’ouvrir maintenant</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Votre nom</translation>
    </message>
    <message>
        <source>As customers hear it</source>
        <translation>Tel que le client l’entend</translation>
    </message>
    <message>
        <source>Company</source>
        <translation>Société</translation>
    </message>
    <message>
        <source>Telephone for customers</source>
        <translation>Téléphone pour les clients</translation>
    </message>
    <message>
        <source>Language and colours</source>
        <translation>Langue et couleurs</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Couleurs</translation>
    </message>
    <message>
        <source>Assistance page and codes</source>
        <translation>Page d’assistance et codes</translation>
    </message>
    <message>
        <source>Page, as it is spoken</source>
        <translation>Page, telle qu’on la dicte</translation>
    </message>
    <message>
        <source>Digits that find the session</source>
        <translation>Chiffres de repérage</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Calendrier</translation>
    </message>
    <message>
        <source>Hours of call-backs</source>
        <translation>Heures des rappels</translation>
    </message>
    <message>
        <source>On the mainland’s clock; teams apart after a semicolon: 08:00-21:00; Nord 09:00-18:00</source>
        <translation>À l’heure de métropole ; les équipes à part après un point-virgule : 08:00-21:00; Nord 09:00-18:00</translation>
    </message>
    <message>
        <source>Published withdrawal</source>
        <translation>Rétractation publiée</translation>
    </message>
    <message>
        <source> days</source>
        <translation> jours</translation>
    </message>
    <message>
        <source>Non-working days of this site, one a line</source>
        <translation>Jours chômés de ce site, un par ligne</translation>
    </message>
    <message>
        <source>E-mail relay</source>
        <translation>Relais de courriel</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Serveur</translation>
    </message>
    <message>
        <source>smtp.example.org</source>
        <translation>smtp.example.org</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Sécurité</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Identifiant</translation>
    </message>
    <message>
        <source>Empty: no sign-in</source>
        <translation>Vide : sans identification</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Sender</source>
        <translation>Expéditeur</translation>
    </message>
    <message>
        <source>Send mails through this relay</source>
        <translation>Envoyer les courriels par ce relais</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>Essayer la connexion</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>A checkpoint every</source>
        <translation>Un point de contrôle toutes les</translation>
    </message>
    <message>
        <source> min</source>
        <translation> min</translation>
    </message>
    <message>
        <source>Copy of each checkpoint, outside this machine</source>
        <translation>Copie de chaque point de contrôle, hors de ce poste</translation>
    </message>
    <message>
        <source>No copy</source>
        <translation>Pas de copie</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Public key that checks the signatures</source>
        <translation>Clé publique qui vérifie les signatures</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Dossier des données</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Add sample data</source>
        <translation>Ajouter des exemples</translation>
    </message>
    <message>
        <source>Screen share</source>
        <translation>Partage d’écran</translation>
    </message>
    <message>
        <source>Customer’s page served by</source>
        <translation>Page du client servie par</translation>
    </message>
    <message>
        <source>Address of the site’s gateway</source>
        <translation>Adresse de la passerelle du site</translation>
    </message>
    <message>
        <source>Address and port to listen on</source>
        <translation>Adresse et port d’écoute</translation>
    </message>
    <message>
        <source>Address customers open</source>
        <translation>Adresse que le client ouvre</translation>
    </message>
    <message>
        <source>Certificate file (PEM)</source>
        <translation>Fichier du certificat (PEM)</translation>
    </message>
    <message>
        <source>Key file (PEM)</source>
        <translation>Fichier de la clé (PEM)</translation>
    </message>
    <message>
        <source>Trusted proxies</source>
        <translation>Relais de confiance (proxys)</translation>
    </message>
    <message>
        <source>STUN and TURN servers, one a line</source>
        <translation>Serveurs STUN et TURN, un par ligne</translation>
    </message>
    <message>
        <source>Secret shared with the TURN server</source>
        <translation>Secret partagé avec le serveur TURN</translation>
    </message>
    <message>
        <source>Try the address</source>
        <translation>Tester l’adresse</translation>
    </message>
    <message>
        <source>SMS gateway</source>
        <translation>Passerelle SMS</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Empty: SMS wait</source>
        <translation>Vide : les SMS attendent</translation>
    </message>
    <message>
        <source>Test without sending an SMS</source>
        <translation>Essayer sans envoyer de SMS</translation>
    </message>
    <message>
        <source>Questions about visits, in SMS</source>
        <translation>Questions sur les visites (SMS)</translation>
    </message>
    <message>
        <source>Consumer mediator, as answers to complaints name it</source>
        <translation>Médiateur de la consommation, nommé dans les réponses aux réclamations</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Ask for a password from now on</source>
        <translation>Demander un mot de passe désormais</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>Changer le mot de passe</translation>
    </message>
    <message>
        <source>Ctrl+Alt+L locks at once.</source>
        <translation>Ctrl+Alt+L verrouille aussitôt.</translation>
    </message>
    <message>
        <source>From the next start on this desk asks for login and password.</source>
        <translation>Dès le prochain démarrage, ce poste demande identifiant et mot de passe.</translation>
    </message>
    <message>
        <source>This desk asks nobody who they are. With a password it does, and it can be locked.</source>
        <translation>Ce poste ne demande à personne qui il est. Avec un mot de passe il le fait, et peut se verrouiller.</translation>
    </message>
    <message>
        <source>Your administrator gives another password. Ctrl+Alt+L locks at once.</source>
        <translation>Un autre mot de passe vous vient de votre administrateur. Ctrl+Alt+L verrouille aussitôt.</translation>
    </message>
    <message>
        <source>✓ The password is set.</source>
        <translation>✓ Le mot de passe est en place.</translation>
    </message>
    <message>
        <source>Used from the next start on.</source>
        <translation>Prise en compte au prochain démarrage.</translation>
    </message>
    <message>
        <source>set by your site</source>
        <translation>fixé par votre site</translation>
    </message>
    <message>
        <source>from your account</source>
        <translation>selon votre compte</translation>
    </message>
    <message>
        <source>Looking at the database…</source>
        <translation>Examen de la base…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Each setting is kept as soon as it is typed.</source>
        <translation>Chaque réglage est gardé dès qu’il est tapé.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Comme le système</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clair</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>STARTTLS</source>
        <translation>STARTTLS</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>None (this machine only)</source>
        <translation>Aucune (ce poste seulement)</translation>
    </message>
    <message>
        <source>Saved at {0}</source>
        <translation>Enregistré à {0}</translation>
    </message>
    <message>
        <source>Codes have {0} digits.</source>
        <translation>Les codes ont {0} chiffres.</translation>
    </message>
    <message>
        <source>Kept in the keyring of this machine</source>
        <translation>Gardé dans le trousseau de ce poste</translation>
    </message>
    <message>
        <source>Asked again at each start: no keyring</source>
        <translation>Redemandé à chaque démarrage : pas de trousseau</translation>
    </message>
    <message>
        <source>Connecting to {0}…</source>
        <translation>Connexion à {0}…</translation>
    </message>
    <message>
        <source>✓ The relay answers: mails can leave.</source>
        <translation>✓ Le relais répond : les courriels peuvent partir.</translation>
    </message>
    <message>
        <source>Copy of each checkpoint</source>
        <translation>Copie de chaque point de contrôle</translation>
    </message>
    <message>
        <source>None yet: checkpoints are not signed</source>
        <translation>Pas encore : les points de contrôle ne sont pas signés</translation>
    </message>
    <message>
        <source>Choose: {0}</source>
        <translation>Choisir : {0}</translation>
    </message>
    <message>
        <source>Customers are guided by telephone; no screen is seen.</source>
        <translation>Les clients sont guidés par téléphone ; aucun écran n’est vu.</translation>
    </message>
    <message>
        <source>What you change here holds from the next code on.</source>
        <translation>Vos changements valent à partir du code suivant.</translation>
    </message>
    <message>
        <source>Opening {0} as a customer would…</source>
        <translation>Ouverture de {0} comme un client le ferait…</translation>
    </message>
    <message>
        <source>✓ The gateway answers: SMS can leave.</source>
        <translation>✓ La passerelle répond : les SMS peuvent partir.</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>Sign in</source>
        <translation>S’identifier</translation>
    </message>
    <message>
        <source>With the login and password your administrator gave you.</source>
        <translation>Avec l’identifiant et le mot de passe donnés par votre administrateur.</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Identifiant</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Keep the password in this workstation’s keyring</source>
        <translation>Garder le mot de passe dans le trousseau de ce poste</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Réglages</translation>
    </message>
    <message>
        <source>Agent Desk</source>
        <translation>Agent Desk</translation>
    </message>
</context>
<context>
    <name>TimelinePane</name>
    <message>
        <source>Correct…</source>
        <translation>Corriger…</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Vérifié</translation>
    </message>
    <message>
        <source>Open the session</source>
        <translation>Ouvrir la session</translation>
    </message>
    <message>
        <source>Choose a session to see everything that happened in it.</source>
        <translation>Choisissez une session pour voir tout ce qui s’y est passé.</translation>
    </message>
    <message>
        <source>Mails</source>
        <translation>Courriels</translation>
    </message>
    <message numerus="yes">
        <source>Show %n earlier event(s)</source>
        <translation>
            <numerusform>Montrer %n événement plus ancien</numerusform>
            <numerusform>Montrer %n événements plus anciens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Today</name>
    <message>
        <source>New session</source>
        <translation>Nouvelle session</translation>
    </message>
</context>
<context>
    <name>TodayScreen</name>
    <message>
        <source>Handed over to you</source>
        <translation>Confiées à vous</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message numerus="yes">
        <source>%n message(s) to look at</source>
        <translation>
            <numerusform>%n message à regarder</numerusform>
            <numerusform>%n messages à regarder</numerusform>
        </translation>
    </message>
    <message>
        <source>Bring Today up to date</source>
        <translation>Mettre Aujourd’hui à jour</translation>
    </message>
    <message>
        <source>As of {0}</source>
        <translation>À jour à {0}</translation>
    </message>
    <message>
        <source>Hello {0}</source>
        <translation>Bonjour {0}</translation>
    </message>
    <message>
        <source>Hello</source>
        <translation>Bonjour</translation>
    </message>
    <message>
        <source>New session   Ctrl+N</source>
        <translation>Nouvelle session   Ctrl+N</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>En cours</translation>
    </message>
    <message>
        <source>Put aside</source>
        <translation>Mises de côté</translation>
    </message>
    <message>
        <source>Stuck: messages that need you</source>
        <translation>Bloqués : des messages ont besoin de vous</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>À échéance</translation>
    </message>
    <message>
        <source>Today’s figures</source>
        <translation>La journée</translation>
    </message>
    <message>
        <source>No session under way. Press Ctrl+N when a call comes in.</source>
        <translation>Aucune session en cours. Pressez Ctrl+N quand un appel arrive.</translation>
    </message>
    <message>
        <source>Bring up to date   F5</source>
        <translation>Mettre à jour   F5</translation>
    </message>
    <message>
        <source>Sessions under way</source>
        <translation>Sessions en cours</translation>
    </message>
    <message>
        <source>Sessions put aside</source>
        <translation>Sessions mises de côté</translation>
    </message>
    <message>
        <source>Customer not named yet</source>
        <translation>Client pas encore nommé</translation>
    </message>
    <message numerus="yes">
        <source>%n more in the Journal</source>
        <translation>
            <numerusform>%n autre dans le Journal</numerusform>
            <numerusform>%n autres dans le Journal</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is due.</source>
        <translation>Rien à échéance.</translation>
    </message>
    <message>
        <source>Sessions closed</source>
        <translation>Sessions closes</translation>
    </message>
    <message>
        <source>Billed</source>
        <translation>Facturé</translation>
    </message>
    <message>
        <source>Reviews that wait for your answer</source>
        <translation>Relectures qui attendent votre réponse</translation>
    </message>
    <message>
        <source>Go to what comes next</source>
        <translation>Passer à ce qui vient ensuite</translation>
    </message>
</context>
<context>
    <name>NowCard</name>
    <message>
        <source>I’m coming</source>
        <translation>J’arrive</translation>
    </message>
    <message>
        <source>I’m coming to {0}</source>
        <translation>J’arrive chez {0}</translation>
    </message>
    <message>
        <source>asks for help since {0}</source>
        <translation>demande de l’aide depuis {0}</translation>
    </message>
    <message>
        <source>{0} is coming</source>
        <translation>{0} arrive</translation>
    </message>
    <message>
        <source>Nobody is in a session now.</source>
        <translation>Personne n’est en session.</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>et {0} de plus</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>depuis {0}</translation>
    </message>
    <message>
        <source>will pass 21:00</source>
        <translation>passera 21 h</translation>
    </message>
</context>
<context>
    <name>PilotageScreen</name>
    <message>
        <source>none made</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Pilotage</translation>
    </message>
    <message>
        <source>Bring up to date</source>
        <translation>Mettre à jour</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Comptage…</translation>
    </message>
    <message>
        <source>No session ended in this period. Choose a longer one, or come back later.</source>
        <translation>Aucune session ne s’est terminée dans cette période. Choisissez-en une plus longue, ou revenez plus tard.</translation>
    </message>
    <message>
        <source>{0} · as of {1} · {2} ms</source>
        <translation>{0} · à {1} · {2} ms</translation>
    </message>
    <message>
        <source>{0} of {1} closed</source>
        <translation>{0} sur {1} closes</translation>
    </message>
    <message>
        <source>{0} closed</source>
        <translation>{0} closes</translation>
    </message>
    <message>
        <source>with VAT</source>
        <translation>TTC</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tableau</translation>
    </message>
    <message>
        <source>Chart</source>
        <translation>Graphique</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Échecs</translation>
    </message>
    <message>
        <source>Nothing to show in this period.</source>
        <translation>Rien à montrer pour cette période.</translation>
    </message>
    <message>
        <source>By service, the failed ones hatched</source>
        <translation>Par service, les échecs hachurés</translation>
    </message>
    <message>
        <source>By team, the failed ones hatched</source>
        <translation>Par équipe, les échecs hachurés</translation>
    </message>
    <message>
        <source>Sessions by month, the failed ones hatched</source>
        <translation>Sessions par mois, les échecs hachurés</translation>
    </message>
    <message>
        <source>Sessions by day, the failed ones hatched</source>
        <translation>Sessions par jour, les échecs hachurés</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Mois</translation>
    </message>
    <message>
        <source>Service commitments</source>
        <translation>Engagements de service</translation>
    </message>
    <message>
        <source>Commitments…</source>
        <translation>Engagements…</translation>
    </message>
    <message>
        <source>none given</source>
        <translation>aucun donné</translation>
    </message>
    <message>
        <source>satisfied, of {0} answers</source>
        <translation>satisfaits, sur {0} réponses</translation>
    </message>
</context>
<context>
    <name>HandedRow</name>
    <message>
        <source>Customer not named yet</source>
        <translation>Client pas encore nommé</translation>
    </message>
    <message>
        <source>from {0}, {1}</source>
        <translation>de {0}, {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <comment>what was tried, seen or promised</comment>
        <translation>{0} : {1}</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Prendre</translation>
    </message>
</context>
<context>
    <name>Lock</name>
    <message>
        <source>Desk locked</source>
        <translation>Poste verrouillé</translation>
    </message>
    <message>
        <source>What was typed is kept. The call and the screen share, if there is one, go on unseen.</source>
        <translation>Votre saisie est gardée. L’appel continue, et le partage d’écran s’il y en a un, sans être vu ici.</translation>
    </message>
    <message>
        <source>At this desk</source>
        <translation>À ce poste</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Mot de passe</translation>
    </message>
    <message>
        <source>Somebody else</source>
        <translation>Quelqu’un d’autre</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Déverrouiller</translation>
    </message>
</context>
<context>
    <name>Locking</name>
    <message>
        <source>Lock the desk</source>
        <translation>Verrouiller le poste</translation>
    </message>
    <message>
        <source>Sign out, for somebody else</source>
        <translation>Laisser la place à quelqu’un d’autre</translation>
    </message>
</context>
<context>
    <name>PromiseCard</name>
    <message numerus="yes">
        <source>%n more promise(s) behind these</source>
        <translation><numerusform>%n autre promesse ensuite</numerusform><numerusform>%n autres promesses ensuite</numerusform></translation>
    </message>
    <message>
        <source>Promised: what comes next   {0}</source>
        <translation>Promis : la suite   {0}</translation>
    </message>
</context>
<context>
    <name>PromiseRow</name>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>I take it</source>
        <translation>Je m’en charge</translation>
    </message>
    <message>
        <source>The customer was told</source>
        <translation>Client prévenu</translation>
    </message>
</context>
<context>
    <name>Questions</name>
    <message>
        <source>Make, model or system…</source>
        <translation>Marque, modèle ou système…</translation>
    </message>
    <message>
        <source>Search among questions and answers</source>
        <translation>Chercher parmi les questions et les réponses</translation>
    </message>
</context>
<context>
    <name>QuestionsScreen</name>
    <message>
        <source>Answer</source>
        <translation>Réponse</translation>
    </message>
    <message>
        <source>Answer until</source>
        <translation>Répondre avant</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>Demandé par</translation>
    </message>
    <message>
        <source>Equipment or system</source>
        <translation>Équipement ou système</translation>
    </message>
    <message>
        <source>Feasibility</source>
        <translation>Faisabilité</translation>
    </message>
    <message>
        <source>No question and no answer so far. A session asks in its third step.</source>
        <translation>Ni question ni réponse pour l’instant. Une session pose la question à son étape 3.</translation>
    </message>
    <message>
        <source>Nobody has asked about this so far.</source>
        <translation>Personne n’a encore posé la question.</translation>
    </message>
    <message>
        <source>On which condition</source>
        <translation>À quelle condition</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Question</translation>
    </message>
    <message>
        <source>Questions and answers on feasibility</source>
        <translation>Questions et réponses de faisabilité</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Service</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quand</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>Votre réponse</translation>
    </message>
    <message>
        <source>to answer: {0}</source>
        <translation>à rendre : {0}</translation>
    </message>
</context>
<context>
    <name>CommitmentsScreen</name>
    <message>
        <source>not kept: {0}</source>
        <translation>non tenus : {0}</translation>
    </message>
    <message>
        <source>Export the commitments</source>
        <translation>Exporter les engagements</translation>
    </message>
    <message>
        <source>Bring up to date</source>
        <translation>Actualiser</translation>
    </message>
    <message>
        <source>Back to the figures</source>
        <translation>Revenir aux chiffres</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Calcul…</translation>
    </message>
    <message>
        <source>commitments-{0}.pdf</source>
        <translation>engagements-{0}.pdf</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Pilotage</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exporter</translation>
    </message>
    <message>
        <source>The last 12 months</source>
        <translation>12 derniers mois</translation>
    </message>
    <message>
        <source>as of {0} · {1} ms</source>
        <translation>à {0} · {1} ms</translation>
    </message>
</context>
<context>
    <name>CommitmentReading</name>
    <message>
        <source>No case in this period.</source>
        <translation>Aucun cas dans cette période.</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quand</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
</context>
<context>
    <name>ControlCard</name>
    <message>
        <source>Session</source>
        <translation>Session</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Constat</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Signer</translation>
    </message>
    <message>
        <source>Check the cases drawn</source>
        <translation>Contrôler les cas tirés</translation>
    </message>
    <message>
        <source>What is missing, in a sentence</source>
        <translation>Ce qui manque, en une phrase</translation>
    </message>
    <message>
        <source>Nothing was drawn: the month had no case, or a supervisor has not looked yet.</source>
        <translation>Rien n’est tiré : le mois n’a aucun cas, ou aucun superviseur n’a encore regardé.</translation>
    </message>
    <message>
        <source>to check: {0}</source>
        <translation>à contrôler : {0}</translation>
    </message>
</context>
<context>
    <name>AgendaScreen</name>
    <message>
        <source>Agenda</source>
        <translation>Agenda</translation>
    </message>
    <message>
        <source>My week</source>
        <translation>Ma semaine</translation>
    </message>
    <message>
        <source>The team’s week</source>
        <translation>Semaine de l’équipe</translation>
    </message>
    <message>
        <source>The week before</source>
        <translation>Semaine d’avant</translation>
    </message>
    <message>
        <source>The week after</source>
        <translation>Semaine d’après</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>Cette semaine</translation>
    </message>
    <message>
        <source>Bring up to date</source>
        <translation>Mettre à jour</translation>
    </message>
    <message>
        <source>Arrows choose · Enter opens · M, arrows, Enter move · Del calls off</source>
        <translation>Flèches : choisir · Entrée : ouvrir · M, flèches, Entrée : déplacer · Suppr : annuler</translation>
    </message>
    <message>
        <source>Call the call-back off</source>
        <translation>Annuler le rappel</translation>
    </message>
    <message>
        <source>Call off the call to {0}, {1}?</source>
        <translation>Annuler le rappel de {0}, {1} ?</translation>
    </message>
    <message>
        <source>Reason, which the customer reads</source>
        <translation>Motif, que le client lit</translation>
    </message>
    <message>
        <source>Move the call-back</source>
        <translation>Déplacer le rappel</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Laisser</translation>
    </message>
    <message>
        <source>Week of {0} to {1}</source>
        <translation>Semaine du {0} au {1}</translation>
    </message>
    <message>
        <source>No call-back in this week. They are agreed from a session, with Ctrl+J.</source>
        <translation>Aucun rappel cette semaine. Ils se conviennent dans une session, avec Ctrl+J.</translation>
    </message>
    <message>
        <source>Move the call to {0} to {1}, {2}?</source>
        <translation>Déplacer l’appel à {0} au {1}, {2} ?</translation>
    </message>
    <message>
        <source>That is after the 72 hours promised.</source>
        <translation>C’est après les 72 heures promises.</translation>
    </message>
</context>
<context>
    <name>Duplicate</name>
    <message>
        <source>Send the confirmation once more</source>
        <translation>Renvoyer la confirmation (duplicata)</translation>
    </message>
</context>
</TS>
