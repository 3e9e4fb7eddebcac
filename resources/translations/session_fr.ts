<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR">
    <context>
        <name>SessionAgreement</name>
        <message>
            <source>Withdraw</source>
            <translation>Retirer</translation>
        </message>
        <message>
            <source>Agreed at %1; the offer was prepared for the customer.</source>
            <translation>Accord donné à %1 ; l’offre est préparée pour le client.</translation>
        </message>
    </context>
    <context>
        <name>SessionClosing</name>
        <message>
            <source>How to confirm</source>
            <translation>Moyen de confirmer</translation>
        </message>
        <message>
            <source>Text of the mail</source>
            <translation>Texte du courriel</translation>
        </message>
        <message>
            <source>Code still live: closing ends it</source>
            <translation>Code encore actif : la clôture l’éteint</translation>
        </message>
        <message>
            <source>Sharing module left on the computer</source>
            <translation>Module de partage laissé sur le poste</translation>
        </message>
        <message>
            <source>To choose</source>
            <translation>À choisir</translation>
        </message>
        <message>
            <source>Date to be agreed</source>
            <translation>Date à convenir</translation>
        </message>
        <message>
            <source>ddd d MMM yyyy, HH:mm</source>
            <comment>date format</comment>
            <translation>ddd d MMM yyyy, HH' h 'mm</translation>
        </message>
        <message>
            <source>Billed</source>
            <translation>Facturé</translation>
        </message>
        <message>
            <source>Confirmation to the customer</source>
            <translation>Confirmation au client</translation>
        </message>
        <message>
            <source>receipt asked for · PDF attached</source>
            <translation>accusé de réception demandé · PDF joint</translation>
        </message>
        <message>
            <source>To: %1</source>
            <translation>À : %1</translation>
        </message>
        <message>
            <source>Kept ready to be printed.</source>
            <translation>Gardée prête à imprimer.</translation>
        </message>
        <message>
            <source>Protection on again</source>
            <translation>Protection remise en route</translation>
        </message>
        <message>
            <source>Screen still shared: closing ends it</source>
            <translation>Écran encore partagé : la clôture y met fin</translation>
        </message>
    </context>
    <context>
        <name>SessionCustomer</name>
        <message>
            <source>Customer n&amp;umber</source>
            <translation>N&amp;uméro client</translation>
        </message>
        <message>
            <source>Customer number</source>
            <translation>Numéro client</translation>
        </message>
        <message>
            <source>9 digits</source>
            <translation>9 chiffres</translation>
        </message>
        <message>
            <source>Ca&amp;ll back at</source>
            <translation>Rappe&amp;ler au</translation>
        </message>
        <message>
            <source>Call back at</source>
            <translation>Rappeler au</translation>
        </message>
        <message>
            <source>Call recei&amp;ved by</source>
            <translation>Appel reç&amp;u par</translation>
        </message>
        <message>
            <source>Call received by</source>
            <translation>Appel reçu par</translation>
        </message>
        <message>
            <source>Take over the identity</source>
            <translation>Reprendre l’identité</translation>
        </message>
        <message>
            <source>&amp;Title</source>
            <translation>Ci&amp;vilité</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>Civilité</translation>
        </message>
        <message>
            <source>&amp;Surname</source>
            <translation>&amp;Nom</translation>
        </message>
        <message>
            <source>Surname</source>
            <translation>Nom</translation>
        </message>
        <message>
            <source>&amp;First name</source>
            <translation>&amp;Prénom</translation>
        </message>
        <message>
            <source>First name</source>
            <translation>Prénom</translation>
        </message>
        <message>
            <source>Lo&amp;gin identifier</source>
            <translation>&amp;Identifiant</translation>
        </message>
        <message>
            <source>Login identifier</source>
            <translation>Identifiant</translation>
        </message>
        <message>
            <source>Cust&amp;omer type</source>
            <translation>&amp;Type de client</translation>
        </message>
        <message>
            <source>Customer type</source>
            <translation>Type de client</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Langue</translation>
        </message>
        <message>
            <source>Compan&amp;y</source>
            <translation>&amp;Société</translation>
        </message>
        <message>
            <source>Company</source>
            <translation>Société</translation>
        </message>
        <message>
            <source>&amp;Home address</source>
            <translation>A&amp;dresse du domicile</translation>
        </message>
        <message>
            <source>Home address</source>
            <translation>Adresse du domicile</translation>
        </message>
        <message>
            <source>&amp;Postcode</source>
            <translation>&amp;Code postal</translation>
        </message>
        <message>
            <source>Postcode</source>
            <translation>Code postal</translation>
        </message>
        <message>
            <source>&amp;Town</source>
            <translation>&amp;Ville</translation>
        </message>
        <message>
            <source>Town</source>
            <translation>Ville</translation>
        </message>
        <message>
            <source>&amp;E-mail</source>
            <translation>Adresse &amp;e-mail</translation>
        </message>
        <message>
            <source>E-mail</source>
            <translation>Adresse e-mail</translation>
        </message>
        <message>
            <source>Why none</source>
            <translation>Sinon, pourquoi</translation>
        </message>
        <message>
            <source>Territory</source>
            <translation>Territoire</translation>
        </message>
        <message>
            <source>Does the customer hold a Sosh mobile + Livebox subscription?</source>
            <translation>Le client a-t-il un abonnement Sosh mobile + Livebox ?</translation>
        </message>
        <message>
            <source>Is the caller the holder of the line?</source>
            <translation>La personne qui appelle est-elle le titulaire ?</translation>
        </message>
        <message>
            <source>Who is &amp;calling</source>
            <translation>Qui appe&amp;lle</translation>
        </message>
        <message>
            <source>Who is calling</source>
            <translation>Qui appelle</translation>
        </message>
        <message>
            <source>Does the holder agree?</source>
            <translation>Le titulaire est-il d’accord ?</translation>
        </message>
        <message>
            <source>Has called before: %1 — sessions: %2, the last on %3</source>
            <translation>Déjà venu : %1 — sessions : %2, la dernière le %3</translation>
        </message>
    </context>
    <context>
        <name>SessionEnding</name>
        <message>
            <source>Cancel this session?</source>
            <translation>Annuler cette session ?</translation>
        </message>
        <message>
            <source>The customer withdraws from the agreement (art. 10)?</source>
            <translation>Le client se rétracte (art. 10) ?</translation>
        </message>
        <message>
            <source>Cancel the session</source>
            <translation>Annuler la session</translation>
        </message>
        <message>
            <source>Record the withdrawal</source>
            <translation>Noter la rétractation</translation>
        </message>
        <message>
            <source>This cuts the screen share.</source>
            <translation>Cela coupe le partage d’écran.</translation>
        </message>
    </context>
    <context>
        <name>SessionFlow</name>
        <message>
            <source>Handed over to %1.</source>
            <translation>Session confiée à %1.</translation>
        </message>
        <message>
            <source>Back to Today</source>
            <translation>Retour à Aujourd’hui</translation>
        </message>
        <message>
            <source>Customer agrees</source>
            <translation>Accord donné</translation>
        </message>
        <message>
            <source>Begin the work</source>
            <translation>Commencer le travail</translation>
        </message>
        <message>
            <source>Go to closing</source>
            <translation>Passer à la clôture</translation>
        </message>
        <message>
            <source>Close and send</source>
            <translation>Clore et envoyer</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuer</translation>
        </message>
        <message>
            <source>one single transaction</source>
            <translation>une seule transaction</translation>
        </message>
        <message>
            <source>the offer goes out by mail</source>
            <translation>l’offre part par courriel</translation>
        </message>
        <message>
            <source>Put aside; the screen share was cut.</source>
            <translation>Session mise de côté ; le partage d’écran est coupé.</translation>
        </message>
    </context>
    <context>
        <name>SessionForm</name>
        <message>
            <source>To say</source>
            <translation>À dire</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Fermer ce message</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>Raison</translation>
        </message>
        <message>
            <source>Reason, in a few words</source>
            <translation>Raison, en quelques mots</translation>
        </message>
        <message>
            <source>Keep the session</source>
            <translation>Garder la session</translation>
        </message>
        <message>
            <source>Back</source>
            <translation>Retour</translation>
        </message>
        <message>
            <source>Other ways to end or pause this session</source>
            <translation>Autres façons de terminer ou d’interrompre</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuer</translation>
        </message>
    </context>
    <context>
        <name>SessionHeading</name>
        <message>
            <source>Another desk</source>
            <translation>Un autre poste</translation>
        </message>
        <message>
            <source>%1 is in this session, step %2</source>
            <translation>%1 est dans cette session, étape %2</translation>
        </message>
        <message>
            <source>No session open</source>
            <translation>Aucune session ouverte</translation>
        </message>
        <message>
            <source>customer no. %1</source>
            <translation>n° client %1</translation>
        </message>
        <message>
            <source>New session</source>
            <translation>Nouvelle session</translation>
        </message>
        <message>
            <source>Screen shared</source>
            <translation>Écran partagé</translation>
        </message>
        <message>
            <source>Screen lost</source>
            <translation>Écran perdu de vue</translation>
        </message>
    </context>
    <context>
        <name>SessionIntervention</name>
        <message>
            <source>Code to dictate, digit by digit</source>
            <translation>Code à dicter, chiffre par chiffre</translation>
        </message>
        <message>
            <source>Issue a code</source>
            <translation>Émettre un code</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copier</translation>
        </message>
        <message>
            <source>Procedure</source>
            <translation>Procédure</translation>
        </message>
        <message>
            <source>Services</source>
            <translation>Services</translation>
        </message>
        <message>
            <source>New code</source>
            <translation>Nouveau code</translation>
        </message>
        <message>
            <source>expires in %1</source>
            <translation>expire dans %1</translation>
        </message>
        <message>
            <source>A code can be issued once the customer has agreed.</source>
            <translation>Un code peut être émis dès que le client a donné son accord.</translation>
        </message>
        <message>
            <source>Its digits were shown once; a new code puts it out.</source>
            <translation>Ses chiffres n’ont été montrés qu’une fois ; un nouveau code l’éteint.</translation>
        </message>
        <message>
            <source>This code was used; it opens nothing any more.</source>
            <translation>Ce code a servi ; il n’ouvre plus rien.</translation>
        </message>
        <message>
            <source>Ten digits, valid ten minutes and once; dictated, never sent.</source>
            <translation>Dix chiffres, valables dix minutes et une fois ; à dicter, jamais à envoyer.</translation>
        </message>
        <message>
            <source>Open the settings</source>
            <translation>Ouvrir les réglages</translation>
        </message>
        <message>
            <source>Fit</source>
            <translation>Ajuster</translation>
        </message>
        <message>
            <source>Full screen</source>
            <translation>Plein écran</translation>
        </message>
        <message>
            <source>Cut the share</source>
            <translation>Couper le partage</translation>
        </message>
        <message>
            <source>The customer’s screen</source>
            <translation>L’écran du client</translation>
        </message>
        <message>
            <source>Leave full screen</source>
            <translation>Quitter le plein écran</translation>
        </message>
        <message>
            <source>Esc</source>
            <comment>key</comment>
            <translation>Échap</translation>
        </message>
        <message>
            <source>The customer reads two words</source>
            <translation>Le client lit deux mots</translation>
        </message>
        <message>
            <source>Share ended at %1</source>
            <translation>Partage terminé à %1</translation>
        </message>
        <message>
            <source>The customer</source>
            <translation>Le client</translation>
        </message>
    </context>
    <context>
        <name>SessionKeys</name>
    <message>
        <source>Ask for help, or no longer</source>
        <translation>Demander de l’aide, ou plus besoin</translation>
    </message>
        <message>
            <source>Hand over…</source>
            <translation>Confier…</translation>
        </message>
        <message>
            <source>Keep what I typed</source>
            <translation>Garder ma saisie</translation>
        </message>
        <message>
            <source>Take the other version</source>
            <translation>Prendre l’autre version</translation>
        </message>
        <message>
            <source>D</source>
            <comment>backup done</comment>
            <translation>F</translation>
        </message>
        <message>
            <source>A</source>
            <comment>no backup, accepted</comment>
            <translation>A</translation>
        </message>
        <message>
            <source>A</source>
            <comment>feasibility asked</comment>
            <translation>A</translation>
        </message>
        <message>
            <source>F</source>
            <comment>free tool</comment>
            <translation>G</translation>
        </message>
        <message>
            <source>O</source>
            <comment>own tool</comment>
            <translation>L</translation>
        </message>
        <message>
            <source>W</source>
            <comment>no licence</comment>
            <translation>S</translation>
        </message>
        <message>
            <source>S</source>
            <comment>solved</comment>
            <translation>R</translation>
        </message>
        <message>
            <source>N</source>
            <comment>not solved</comment>
            <translation>N</translation>
        </message>
        <message>
            <source>A</source>
            <comment>access lost</comment>
            <translation>A</translation>
        </message>
        <message>
            <source>I</source>
            <comment>interrupted</comment>
            <translation>I</translation>
        </message>
        <message>
            <source>P</source>
            <comment>not performed</comment>
            <translation>P</translation>
        </message>
        <message>
            <source>N</source>
            <comment>visit not offered</comment>
            <translation>N</translation>
        </message>
        <message>
            <source>A</source>
            <comment>visit accepted</comment>
            <translation>A</translation>
        </message>
        <message>
            <source>D</source>
            <comment>visit declined</comment>
            <translation>R</translation>
        </message>
        <message>
            <source>Next step</source>
            <translation>Étape suivante</translation>
        </message>
        <message>
            <source>Step before</source>
            <translation>Étape précédente</translation>
        </message>
        <message>
            <source>Take up later</source>
            <translation>Reprendre plus tard</translation>
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
            <source>Protection off or on again</source>
            <translation>Protection coupée, ou remise</translation>
        </message>
        <message>
            <source>Ready-made notes</source>
            <translation>Notes toutes prêtes</translation>
        </message>
        <message>
            <source>Take over the identity</source>
            <translation>Reprendre l’identité</translation>
        </message>
        <message>
            <source>Put back the service taken out</source>
            <translation>Remettre le service retiré</translation>
        </message>
        <message>
            <source>The call has ended</source>
            <translation>L’appel est terminé</translation>
        </message>
        <message>
            <source>The customer calls again</source>
            <translation>Le client rappelle</translation>
        </message>
        <message>
            <source>Cancel the session…</source>
            <translation>Annuler la session…</translation>
        </message>
        <message>
            <source>The customer withdraws…</source>
            <translation>Le client se rétracte…</translation>
        </message>
        <message>
            <source>Cut the screen share</source>
            <translation>Couper le partage d’écran</translation>
        </message>
        <message>
            <source>Customer’s screen over the whole screen</source>
            <translation>Écran du client en plein écran</translation>
        </message>
        <message>
            <source>What follows…</source>
            <translation>Suite à donner…</translation>
        </message>
        <message>
            <source>The tariff was told</source>
            <translation>Le tarif est annoncé</translation>
        </message>
        <message>
            <source>Send the confirmation once more</source>
            <translation>Renvoyer la confirmation (duplicata)</translation>
        </message>
    </context>
    <context>
        <name>SessionNotices</name>
        <message>
            <source>%1 taken out.</source>
            <translation>%1 retiré.</translation>
        </message>
        <message>
            <source>Undo  Ctrl+Z</source>
            <translation>Annuler  Ctrl+Z</translation>
        </message>
    </context>
    <context>
        <name>SessionPrerequisites</name>
        <message>
            <source>Which computer is it?</source>
            <translation>De quel ordinateur s’agit-il ?</translation>
        </message>
        <message>
            <source>Can this system be helped?</source>
            <translation>Ce système peut-il être dépanné ?</translation>
        </message>
        <message>
            <source>Are installation discs, drivers and leaflets at hand?</source>
            <translation>Disques d’installation, pilotes et notices sont-ils à portée de main ?</translation>
        </message>
        <message>
            <source>Do hardware, software and electrical installation follow the makers’ recommendations?</source>
            <translation>Matériel, logiciels et installation électrique suivent-ils les recommandations des fabricants ?</translation>
        </message>
        <message>
            <source>Does the Internet access work?</source>
            <translation>L’accès à Internet fonctionne-t-il ?</translation>
        </message>
        <message>
            <source>Which tool removes the virus?</source>
            <translation>Avec quel outil retirer le virus ?</translation>
        </message>
        <message>
            <source>Make and model — %1</source>
            <translation>Marque et modèle — %1</translation>
        </message>
        <message>
            <source>Can this device be helped?</source>
            <translation>Cet appareil peut-il être dépanné ?</translation>
        </message>
        <message>
            <source>Helped by telephone only: no screen sharing.</source>
            <translation>Dépannage par téléphone seulement : pas de partage d’écran.</translation>
        </message>
        <message>
            <source>On one condition: %1</source>
            <translation>À une condition : %1</translation>
        </message>
    </context>
    <context>
        <name>SessionRequest</name>
        <message>
            <source>Search a service</source>
            <translation>Chercher un service</translation>
        </message>
        <message>
            <source>virus, box, printer…</source>
            <translation>virus, box, imprimante…</translation>
        </message>
        <message>
            <source>Services</source>
            <translation>Services</translation>
        </message>
        <message>
            <source>Chosen services</source>
            <translation>Services choisis</translation>
        </message>
        <message>
            <source>What the customer &amp;describes</source>
            <translation>Ce que &amp;décrit le client</translation>
        </message>
        <message>
            <source>What the customer describes</source>
            <translation>Ce que décrit le client</translation>
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
            <source>Qty</source>
            <translation>Qté</translation>
        </message>
        <message>
            <source>Remove %1</source>
            <translation>Retirer %1</translation>
        </message>
    </context>
    <context>
        <name>SessionScreen</name>
        <message>
            <source>Saved at %1</source>
            <translation>Enregistré à %1</translation>
        </message>
    </context>
    <context>
        <name>SessionSide</name>
        <message>
            <source>Customer</source>
            <translation>Client</translation>
        </message>
        <message>
            <source>Services</source>
            <translation>Services</translation>
        </message>
        <message>
            <source>To collect</source>
            <translation>À recueillir</translation>
        </message>
        <message>
            <source>To go on</source>
            <translation>Pour continuer</translation>
        </message>
        <message>
            <source>Ready-made notes  %1</source>
            <translation>Notes toutes prêtes  %1</translation>
        </message>
        <message>
            <source>Firewall or antivirus off</source>
            <translation>Pare-feu ou antivirus coupé</translation>
        </message>
        <message>
            <source>Protection off since %1</source>
            <translation>Protection coupée à %1</translation>
        </message>
        <message>
            <source>to be put back before closing</source>
            <translation>à remettre avant la clôture</translation>
        </message>
    </context>
    <context>
        <name>SessionSteps</name>
        <message>
            <source>Ctrl</source>
            <translation>Ctrl</translation>
        </message>
        <message>
            <source>go to the step</source>
            <translation>aller à l’étape</translation>
        </message>
        <message>
            <source>next step</source>
            <translation>étape suivante</translation>
        </message>
        <message>
            <source>take up later</source>
            <translation>reprendre plus tard</translation>
        </message>
        <message>
            <source>current step</source>
            <translation>étape en cours</translation>
        </message>
        <message>
            <source>complete</source>
            <translation>complète</translation>
        </message>
    </context>
    <context>
        <name>SessionVersions</name>
        <message>
            <source>Somebody else changed this session while you typed. Nothing is saved before you choose.</source>
            <translation>Quelqu’un d’autre a modifié cette session pendant votre saisie. Rien n’est enregistré avant votre choix.</translation>
        </message>
        <message>
            <source>This session was ended elsewhere while you typed. What you typed is no longer part of it.</source>
            <translation>Cette session a été terminée ailleurs pendant votre saisie. Ce que vous aviez saisi n’en fait plus partie.</translation>
        </message>
        <message>
            <source>Keep what I typed</source>
            <translation>Garder ma saisie</translation>
        </message>
        <message>
            <source>I have read it</source>
            <translation>J’ai lu</translation>
        </message>
        <message>
            <source>Take the other one</source>
            <translation>Prendre l’autre</translation>
        </message>
        <message>
            <source>Typed here</source>
            <translation>Saisi ici</translation>
        </message>
        <message>
            <source>Saved elsewhere</source>
            <translation>Enregistré ailleurs</translation>
        </message>
    </context>
    <context>
        <name>SessionHandover</name>
        <message>
            <source>Hand this session over</source>
            <translation>Confier cette session</translation>
        </message>
        <message>
            <source>This cuts the screen share.</source>
            <translation>Cela coupe le partage d’écran.</translation>
        </message>
        <message>
            <source>To</source>
            <translation>À</translation>
        </message>
        <message>
            <source>What has been done, and to what end</source>
            <translation>Ce qui a été fait, et avec quel effet</translation>
        </message>
        <message>
            <source>What the customer has, and sees</source>
            <translation>Ce que le client a, et constate</translation>
        </message>
        <message>
            <source>What the customer was told, until when</source>
            <translation>Ce qui a été promis au client, pour quand</translation>
        </message>
        <message>
            <source>Hand over</source>
            <translation>Confier</translation>
        </message>
        <message>
            <source>Keep the session</source>
            <translation>Garder la session</translation>
        </message>
        <message>
            <source>Team %1</source>
            <translation>Équipe %1</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1 : %2</translation>
        </message>
        <message>
            <source>Tried</source>
            <translation>Essayé</translation>
        </message>
        <message>
            <source>Seen</source>
            <translation>Constaté</translation>
        </message>
        <message>
            <source>Promised</source>
            <translation>Promis</translation>
        </message>
        <message>
            <source>Handed over by %1, %2</source>
            <translation>Confiée par %1, %2</translation>
        </message>
    </context>
<context>
    <name>SessionHelp</name>
    <message>
        <source>%1 is coming</source>
        <translation>%1 arrive</translation>
    </message>
    <message>
        <source>For what</source>
        <translation>Pour quoi</translation>
    </message>
    <message>
        <source>Help asked at %1</source>
        <translation>Aide demandée à %1</translation>
    </message>
    <message>
        <source>Optional: a few words for the supervisor</source>
        <translation>Facultatif : quelques mots pour le superviseur</translation>
    </message>
    <message>
        <source>No longer needed</source>
        <translation>Plus besoin</translation>
    </message>
</context>
<context>
    <name>SessionAround</name>
    <message>
        <source>Promised</source>
        <translation>Promis</translation>
    </message>
</context>
<context>
    <name>CallPanel</name>
    <message>
        <source>Tariff told</source>
        <translation>Tarif annoncé</translation>
    </message>
    <message>
        <source>at %1</source>
        <translation>à %1</translation>
    </message>
    <message>
        <source>tomorrow</source>
        <translation>demain</translation>
    </message>
    <message>
        <source>%1 at %2</source>
        <translation>%1 à %2</translation>
    </message>
</context>
<context>
    <name>SessionEscalation</name>
    <message>
        <source>%1 — %2</source>
        <translation>%1 — %2</translation>
    </message>
    <message>
        <source>Answer, or what is missing</source>
        <translation>Réponse, ou ce qui manque</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Répondu</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>Fermer  Échap</translation>
    </message>
    <message>
        <source>From whom</source>
        <translation>Par qui</translation>
    </message>
    <message>
        <source>No other team takes cases: an administrator sets what teams are for.</source>
        <translation>Aucune autre équipe ne reçoit de dossiers : un administrateur fixe le rôle des équipes.</translation>
    </message>
    <message>
        <source>Send back</source>
        <translation>Renvoyer</translation>
    </message>
    <message>
        <source>Send back because</source>
        <translation>Renvoyer parce que</translation>
    </message>
    <message>
        <source>Send the case</source>
        <translation>Transmettre le dossier</translation>
    </message>
    <message>
        <source>Send this case to another level</source>
        <translation>Transmettre ce dossier à un autre niveau</translation>
    </message>
    <message>
        <source>The customer hears of it by</source>
        <translation>Réponse promise au client pour</translation>
    </message>
    <message>
        <source>This team takes no calls: the promise is yours to keep.</source>
        <translation>Cette équipe ne prend pas d’appel : c’est vous qui tenez la promesse.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>À</translation>
    </message>
    <message>
        <source>“Your case goes to our %1 team. %2 will call you by %3.”</source>
        <translation>« Je transmets votre dossier à notre équipe %1. %2 vous rappelle au plus tard le %3. »</translation>
    </message>
</context>
<context>
    <name>SessionMatters</name>
    <message>
        <source>Send to another level…</source>
        <translation>Transmettre à un autre niveau…</translation>
    </message>
    <message>
        <source>Goodwill credit…</source>
        <translation>Avoir (geste commercial)…</translation>
    </message>
    <message>
        <source>Call back at an agreed time…</source>
        <translation>Rappeler à une heure convenue…</translation>
    </message>
    <message>
        <source>Complaint or contested bill…</source>
        <translation>Réclamation ou facture contestée…</translation>
    </message>
    <message>
        <source>Home visit…</source>
        <translation>Visite à domicile…</translation>
    </message>
    <message>
        <source>News promised…</source>
        <translation>Nouvelles promises…</translation>
    </message>
</context>
<context>
    <name>SessionCredit</name>
    <message>
        <source>Goodwill credit</source>
        <translation>Avoir (geste commercial)</translation>
    </message>
    <message>
        <source>Amount including VAT, in euros</source>
        <translation>Montant TTC, en euros</translation>
    </message>
    <message>
        <source>Reason, which the customer will read</source>
        <translation>Raison, que le client lira</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>This month: %1 for this customer, %2 by you</source>
        <translation>Ce mois-ci : %1 pour ce client, %2 donnés par vous</translation>
    </message>
    <message>
        <source>Why it is refused</source>
        <translation>Raison du refus</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>Approuver</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>Refuser</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Proposer</translation>
    </message>
    <message>
        <source>Grant and write to the customer</source>
        <translation>Accorder et écrire au client</translation>
    </message>
    <message>
        <source>Your limit: %1 a session, of which %2 are given. Above it a second person decides.</source>
        <translation>Votre limite : %1 par session, dont %2 déjà donnés. Au-delà, une seconde personne décide.</translation>
    </message>
    <message>
        <source>Above your limit of %1 a session, of which %2 are given: a second person decides.</source>
        <translation>Au-delà de votre limite de %1 par session, dont %2 déjà donnés : une seconde personne décide.</translation>
    </message>
</context>
<context>
    <name>SmsPreview</name>
    <message>
        <source>GSM alphabet</source>
        <translation>alphabet GSM</translation>
    </message>
    <message>
        <source>Unicode</source>
        <translation>Unicode</translation>
    </message>
    <message>
        <source>{0}/{1} characters, {2} SMS, {3}</source>
        <translation>{0}/{1} caractères, {2} SMS, {3}</translation>
    </message>
</context>
<context>
    <name>SessionCallBack</name>
    <message>
        <source>Me</source>
        <translation>Moi</translation>
    </message>
    <message>
        <source>Whoever is free</source>
        <translation>Un agent libre</translation>
    </message>
    <message>
        <source>Who calls</source>
        <translation>Qui appelle</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Jour</translation>
    </message>
    <message>
        <source>Free from</source>
        <translation>Libre dès (heure du client)</translation>
    </message>
    <message>
        <source>Why after the 72 hours</source>
        <translation>Pourquoi après les 72 heures</translation>
    </message>
    <message>
        <source>What the customer says</source>
        <translation>Ce que dit le client</translation>
    </message>
    <message>
        <source>%1, after the limit</source>
        <translation>%1, après la limite</translation>
    </message>
    <message>
        <source>%1 here</source>
        <translation>%1 ici</translation>
    </message>
    <message>
        <source>R</source>
        <comment>key of: customer reached</comment>
        <translation>J</translation>
    </message>
    <message>
        <source>N</source>
        <comment>key of: no answer</comment>
        <translation>S</translation>
    </message>
    <message>
        <source>C</source>
        <comment>key of: cut off</comment>
        <translation>C</translation>
    </message>
    <message>
        <source>Move…</source>
        <translation>Déplacer…</translation>
    </message>
    <message>
        <source>Call off…</source>
        <translation>Annuler le rappel…</translation>
    </message>
    <message>
        <source>Reason, which the customer reads</source>
        <translation>Motif, que le client lit</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Agree a call-back</source>
        <translation>Convenir d’un rappel</translation>
    </message>
    <message>
        <source>Agree this time</source>
        <translation>Convenir de cette heure</translation>
    </message>
    <message>
        <source>Move the call-back</source>
        <translation>Déplacer le rappel</translation>
    </message>
    <message>
        <source>Call the call-back off</source>
        <translation>Annuler le rappel</translation>
    </message>
    <message>
        <source>Attempts: %1; the last at %2, %3</source>
        <translation>Essais : %1 ; le dernier à %2, %3</translation>
    </message>
    <message>
        <source>again at %1</source>
        <translation>à refaire à %1</translation>
    </message>
    <message>
        <source>Call-back agreed; the session is put aside.</source>
        <translation>Rappel convenu ; la session est mise de côté.</translation>
    </message>
    <message>
        <source>No answer noted; the session is put aside.</source>
        <translation>Sans réponse, c’est noté ; la session est mise de côté.</translation>
    </message>
</context>
<context>
    <name>SessionComplaint</name>
    <message>
        <source>Received by</source>
        <translation>Reçue par</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Le</translation>
    </message>
    <message>
        <source>Contested lines</source>
        <translation>Lignes contestées</translation>
    </message>
    <message>
        <source>What the customer says</source>
        <translation>Ce que dit le client</translation>
    </message>
    <message>
        <source>Note the complaint</source>
        <translation>Noter la réclamation</translation>
    </message>
    <message>
        <source>credit granted: %1</source>
        <translation>avoir accordé : %1</translation>
    </message>
    <message>
        <source>outcome corrected</source>
        <translation>résultat corrigé</translation>
    </message>
    <message>
        <source>Nothing granted or corrected since: only then can it be accepted.</source>
        <translation>Rien n’a été accordé ni corrigé depuis : il le faut pour l’accepter.</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Issue</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
    <message>
        <source>New date</source>
        <translation>Nouvelle date</translation>
    </message>
    <message>
        <source>Answer, in the customer’s language</source>
        <translation>Réponse, dans la langue du client</translation>
    </message>
    <message>
        <source>Grant a credit…</source>
        <translation>Accorder un avoir…</translation>
    </message>
    <message>
        <source>Promise another date</source>
        <translation>Promettre une autre date</translation>
    </message>
    <message>
        <source>Answer the customer</source>
        <translation>Répondre au client</translation>
    </message>
    <message>
        <source>Complaint</source>
        <translation>Réclamation</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Reached on</source>
        <translation>Saisi le</translation>
    </message>
    <message>
        <source>New complaint</source>
        <translation>Nouvelle réclamation</translation>
    </message>
    <message>
        <source>The customer turns to the %1</source>
        <translation>Le client saisit : %1</translation>
    </message>
    <message>
        <source>answer by %1</source>
        <translation>réponse pour %1</translation>
    </message>
</context>
<context>
    <name>SessionVisit</name>
    <message>
        <source>From, on the customer’s clock</source>
        <translation>À partir de, heure du client</translation>
    </message>
    <message>
        <source>During</source>
        <translation>Durée</translation>
    </message>
    <message>
        <source>Travel with VAT, in euros</source>
        <translation>Déplacement TTC, en euros</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Où</translation>
    </message>
    <message>
        <source>Reason to move it or not to do it</source>
        <translation>Motif pour déplacer, ou ne pas faire</translation>
    </message>
    <message>
        <source>The customer agrees: book</source>
        <translation>Le client accepte : prendre</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>Déplacer</translation>
    </message>
    <message>
        <source>Call off</source>
        <translation>Annuler la visite</translation>
    </message>
    <message>
        <source>Not done</source>
        <translation>Non faite</translation>
    </message>
    <message>
        <source>Done: bill and confirm</source>
        <translation>Faite : facturer et confirmer</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>Severe weather</source>
        <translation>Fortes intempéries</translation>
    </message>
    <message>
        <source>At the customer’s wish</source>
        <translation>À la demande du client</translation>
    </message>
    <message>
        <source>The customer was told this price and agrees</source>
        <translation>Ce prix est redit au client, qui l’accepte</translation>
    </message>
</context>
<context>
    <name>SessionPro</name>
    <message>
        <source>Professional customer. Dedicated contact: %1, team %2</source>
        <translation>Client Pro. Votre interlocuteur : %1, équipe %2</translation>
    </message>
    <message>
        <source>Professional customer, looked after by team %2</source>
        <translation>Client Pro, suivi par l’équipe %2</translation>
    </message>
    <message>
        <source>Hand over to %1</source>
        <translation>Confier à %1</translation>
    </message>
</context>
<context>
    <name>SessionAnswer</name>
    <message>
        <source>News promised</source>
        <translation>Nouvelles promises</translation>
    </message>
    <message>
        <source>Another day</source>
        <translation>Un autre jour</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
    <message>
        <source>The customer was told</source>
        <translation>Client prévenu</translation>
    </message>
    <message>
        <source>Promise that day instead</source>
        <translation>Promettre plutôt ce jour</translation>
    </message>
    <message>
        <source>No longer to be given</source>
        <translation>N’est plus à donner</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>Fermer  Échap</translation>
    </message>
    <message>
        <source>No news are promised in this session.</source>
        <translation>Aucune nouvelle n’est promise dans cette session.</translation>
    </message>
</context>
</TS>
