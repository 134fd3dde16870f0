"""Wishes to be left alone in Spanish, French, Portuguese and Italian. Unverified by native speakers."""

from __future__ import annotations

from connector.domain.consent.phrases import Wishes

SPANISH = Wishes(
    language="Spanish",
    ornament="por favor ya gracias porfa porfavor favor hola no me interesa interesan quiero nada si señor señores "
    "oigan "
    "oiga buenas dias tardes noches spam ustedes nunca mas",
    negations="nunca",
    vocabulary={
        "dejar": "deja|dejen|deje|dejad|dejar|dejame|dejenme|para|paren|pare|parar|cesen|basta",
        "escribirme": "escribirme|escribir|escribirnos|molestarme|molestar|contactarme|contactar|llamarme|textearme|"
        "mensajearme|joder|joderme|fastidiar|fastidiarme|insistir",
        "mandarme": "mandarme|mandar|enviarme|enviar|mandando|enviando|mandarnos|enviarnos",
        "mensaje": "mensaje|mensajes|mensajitos|texto|textos|sms|msj|msjs|msg|msgs|spam|publicidad|propaganda|correos|"
        "notificaciones|anuncios|promociones|avisos|cosas",
        "escriba": "escribas|escriban|escriba|escriban|contactes|contacten|contacte|molestes|molesten|moleste|textees|"
        "texteen|llames|llamen|llame|jodas|jodan|insistas|insistan|fastidies|fastidien",
        "mande": "mandes|manden|mande|envies|envien|envíe|envíes|envíen",
        "quitame": "sacame|saquenme|saqueme|quitame|quitenme|quiteme|borrame|borrenme|borreme|eliminame|eliminenme|"
        "elimineme|remuevanme|remuevame|retirenme|retireme|retirame",
        "quita": "saca|saquen|saque|quita|quiten|quite|borra|borren|borre|elimina|eliminen|elimine|remuevan|olviden",
        "lista": "lista|listas|contactos|base|sistema|grupo|agenda|directorio|registros",
        "mas": "mas|nunca|otra_vez|de_nuevo|nunca_mas",
        "más_tarde": "ahora|hasta|antes|mientras|cuando|si|todavia|aun|hoy|al|del|a_casa|tan|tarde",
    },
    phrases=(
        "{dejar} de {escribirme}",
        "{dejar} de {mandarme} * {mensaje}",
        "{dejar} de {mandarme} esto|eso|tanto? {mas}? $",
        "no vuelvas|vuelvan|vuelva a {escribirme}|{mandarme}",
        "no me|nos {escriba} -{más_tarde}",
        "no me|nos {mande} {mas}",
        "no me|nos {mande} ya? nada|esto|estos|estas|ningun? {mensaje}? $",
        "no me|nos {mande} {mas}? {mensaje} {mas}? -{más_tarde}",
        "no {escriba} {mas}? $",
        "no {mande} {mas} {mensaje}? $",
        "no quiero|deseo|queremos|quisiera recibir? {mas}|sus|tus|estos|esos|ningun|tantos|los? {mas}? {mensaje}",
        "no quiero|deseo|queremos recibir {mas}|nada|esto? {mas}? $",
        "no quiero|deseo que me {escriba}|{mande}|contacten",
        "^ no mas {mensaje} $",
        "^^ no mas $$",
        "te|les|le dije|pedi que pares|paren|pare|no",
        "^^ esto? es acoso $$",
        "equivocado|equivocada de numero|persona",
        "basta|suficiente|suficientes de|con * {mensaje}",
        "^ basta|basta_ya|ya_basta|para_ya|paren|paren_ya|alto $$",
        "^ stop {mensaje} $",
        "dame|denme|deme|darme|darnos|darse|me_den|me_des|me_de de baja $",
        "dame|denme|deme|darme|darnos|me_den|me_des|me_de de baja de|del * {lista}|{mensaje}",
        "^^ cancelar|cancela|cancelen|cancele|anular la|mi|esta? suscripcion $$",
        "desuscribir|desuscribirme|desuscribeme|desuscribanme|desuscriban|desinscribirme|desuscripcion $",
        "{quitame} $",
        "{quitame} de|desde * {lista}",
        "{quita} mi|este|el|mis numero|telefono|celular|contacto|datos|numeros",
        "salir de|salirme esta|esa|la|su|tu? lista",
        "dejame|dejenme|dejeme|dejanos|dejennos|dejarme en paz|tranquilo|tranquila",
        "^ * numero|persona equivocado|incorrecto|errado|equivocada|incorrecta $",
        "se equivoco|equivocaron|equivoca|ha_equivocado de|con numero|persona",
        "^^ no molestar|molesten|moleste|molestes $$",
        "los|los_voy|te|voy_a|las bloqueo|bloquear|bloquearlos|bloqueare $",
    ),
)

FRENCH = Wishes(
    language="French",
    ornament="svp stp merci s il vous te plait plaît je ne suis pas interesse interessee ca suffit du spam c est "
    "bonjour "
    "madame monsieur immediatement tout de suite maintenant d avance non",
    negations="n jamais pas",
    vocabulary={
        "arrêter": "arrêtez|arrête|arrêter|arret|arreté|stop|stoppez|stopper|cessez|cesse|cesser",
        "écrire": "écrire|contacter|relancer|harceler|spammer|déranger|appeler|solliciter|emmerder|embêter|texter|"
        "importuner|saouler|soûler|écrir",
        "message": "message|messages|msg|msgs|sms|textos|texto|mails|pub|pubs|publicité|publicités|spam|notifications|"
        "relances|promos|rappels|mms",
        "écrivez": "écrivez|écris|écrive|contactez|contacte|contacter|appelez|appelle|dérangez|dérange|relancez|"
        "relance|"
        "sollicitez|sollicite|harcelez|textez|texte|spammez|embêtez",
        "retirez": "retirez|retire|retirer|enlevez|enlève|enlever|supprimez|supprime|supprimer|effacez|efface|effacer|"
        "rayez|sortez|ôtez",
        "veux": "veux|souhaite|désire|voudrais|souhaiterais|aimerais|souhaitons|voulons",
        "désabonner": "désabonner|désinscrire|désabonnement|désinscription|désabonnez|désinscrivez|désabonne|"
        "désinscris",
    },
    phrases=(
        "{arrêter} de|d me|m|nous? {écrire}",
        "{arrêter} de|d me|m|nous envoyer",
        "{arrêter} de|d envoyer * {message}",
        "{arrêter} avec? les|vos|tes|ces|tous_les|aux|a_vos|à_tes|les_envois_de|l_envoi_de {message}",
        "^^ {arrêter} $$",
        "^ arrêtez|arrête|stop $$",
        "me|m|nous {écrivez} plus|jamais|pas",
        "me|m|nous envoyez|envoie plus|jamais rien|de|d|aucun|vos? {message}? $",
        "me|m|nous envoyez|envoie pas|plus de|d|aucun|vos {message}",
        "ne plus jamais? me|m|nous? {écrire}|envoyer",
        "ne pas me|m|nous {écrire} $",
        "{veux}|desirons plus jamais? recevoir|etre|être|de|d|vos|que|aucun|entendre",
        "^ plus|aucun de|d|autre? {message} $",
        "ne plus recevoir * {message}",
        "^^ ne plus recevoir $$",
        "{désabonner} $",
        "désabonnez|désinscrivez|désabonne|désinscris moi|nous|mon|ce",
        "me|m|nous désabonner|désinscrire|desinscrire",
        "{retirez} moi|nous $",
        "me|nous {retirez} de|du * liste|listes|fichier|base|contacts|diffusion",
        "n_essaie|n_essayez|essaie|essayez plus|pas de me|m|nous {écrire}",
        "pas|plus le bon|mon numéro",
        "^^ c? est? du? harcèlement $$",
        "^ vous|tu me|m harcelez|harcèles|dérangez|importunez $",
        "plus jamais me|m|nous {écrire}",
        "{retirez} moi|nous|mon_numéro|mon_nom de|du|des * liste|listes|fichier|fichiers|base|contacts|répertoire|"
        "diffusion",
        "{retirez} mon|ce|mes|le|notre numéro|numero|nom|coordonnées|données|contact|contacts|tel|téléphone|portable",
        "laissez|laisse|foutez|fous|fichez|fiche|lâchez|lâche moi|nous|lui tranquille|la_paix|en_paix|les_baskets",
        "^ * mauvais|faux numéro|destinataire $",
        "un|le|du mauvais|faux numéro $",
        "trompez|trompé|trompe|trompes de numéro|personne|destinataire",
        "^ * erreur de numéro|destinataire|personne $",
        "^^ ça suffit $$",
        "{retirez} le|mon numéro de",
        "oubliez|oublie mon numéro|moi",
    ),
)

PORTUGUESE = Wishes(
    language="Portuguese",
    ornament="por favor porfavor favor já obrigado obrigada pfv pf oi olha tá ok gente agora não tenho interesse quero "
    "mais nunca voces amigo moço moça",
    negations="não nao nunca",
    vocabulary={
        "parar": "para|pare|parem|parar|chega|pode_parar|podem_parar|deixa|deixem",
        "mandar": "mandar|enviar|mandando|enviando|mandarem|enviarem",
        "incomodar": "encher|incomodar|perturbar|ligar|chamar|escrever|importunar|spammar|contatar|procurar|chatear",
        "mensagem": "mensagem|mensagens|msg|msgs|sms|torpedo|torpedos|propaganda|propagandas|spam|promoções|promoção|"
        "notificações|anúncios|mensagenzinhas|coisas|publicidade|ofertas",
        "incomode": "incomode|incomodem|perturbe|perturbem|escreva|escrevam|escreve|contate|contatem|contacte|"
        "contactem|"
        "procure|procurem|chame|chamem|chama|ligue|liguem|encha|encham|enche|aborreça",
        "mande": "mande|manda|mandem|envie|envia|enviem|mandar|enviar",
        "tirar": "remover|excluir|tirar|apagar|deletar|tira|tire|tirem|remove|remova|removam|exclui|exclua|excluam|"
        "retira|retire|retirem|apaga|apague|apaguem|"
        "deleta|delete|deletem",
        "mais_tarde": "agora|até|antes|quando|se|ainda|hoje|depois",
    },
    phrases=(
        "{parar} de|em me|nos? {incomodar}",
        "{parar} de me|nos {mandar}",
        "{parar} de {mandar} isso|essas|tanta|as|estas? {mensagem}? $",
        "{parar} de {mandar} * {mensagem}",
        "{parar} com as|essas|estas|esse|o|isso|este? {mensagem}",
        "chega|basta|cansei de|com * {mensagem}",
        "^^ chega|para|parem|sai_fora|sai|basta|bloqueia|vaza $$",
        "^ pare|parem|chega $$",
        "não me|nos {incomode} -{mais_tarde}",
        "não me|nos {mande} mais|nada",
        "não me|nos? {mande} mais? {mensagem}",
        "não me|nos? {mande} mais $",
        "não me|nos {mande} $",
        "não quero|desejo|queria|gostaria_de|queremos mais? receber mais? * {mensagem}",
        "não quero|desejo|queremos mais? receber mais|nada|isso|essas|nenhuma? mais|nada|coisas? $",
        "não quero|desejo mais|receber? {mensagem}",
        "não quero|desejo mais nada|contato $",
        "não quero|desejo mais nada|contato de|com",
        "não quero|desejo ser|mais contatado|contatada|incomodado|incomodada|perturbado",
        "me {tirar} $",
        "me {tirar} daqui|disso",
        "cancelar|cancela|cancele o|a|minha? recebimento|inscrição|envio_de_mensagens $",
        "^^ não perturbe|enche|incomode|perturbem $$",
        "^^ para|pare|parem com isso $$",
        "^^ isso? é assédio $$",
        "^ você|vocês|voces? estão|está|tá me incomodando|perturbando|assediando $",
        "descadastre|descadastra meu|esse|este",
        "me {tirar} da|dessa|desta|de|do|desse * lista|listas|cadastro|contatos|grupo|sistema|base",
        "{tirar} o? meu|meus|esse|este número|contato|telefone|nome|dados|cadastro",
        "me descadastra|descadastre|descadastrem|desinscreva|desinscreve|descadastrar|desinscrever",
        "descadastrar|descadastro|desinscrever|descadastramento $",
        "sair da|dessa|desta lista|grupo",
        "me|nos deixa|deixe|deixem em paz",
        "deixa|deixe|deixem me em paz",
        "^ * número errado $",
        "^ * foi|é? engano $",
        "falei|disse|pedi|falou|mandei pra|para|que parar|parem|pararem",
    ),
)

ITALIAN = Wishes(
    language="Italian",
    ornament="per favore cortesia grazie prego non mi interessa siamo interessati ora subito no più scusi scusate "
    "buongiorno salve",
    negations="mai",
    vocabulary={
        "smettere": "smetta|smettetela|smettila|smettete|smetti|smetterla|smettere|finitela|piantatela|piantala|basta",
        "scrivermi": "scrivermi|contattarmi|mandarmi|inviarmi|chiamarmi|disturbarmi|disturbare|scrivere|scriverci|"
        "contattarci|importunarmi|rompere|mandare_messaggi|inviare_messaggi|mandare_sms|inviare_sms",
        "messaggi": "messaggio|messaggi|sms|msg|messaggini|pubblicità|spam|comunicazioni|notifiche|promozioni|mail",
        "scrivete": "scrivetemi|scriveteci|scrivermi|scrivete|scriva|scrivere|scrivi|scrivano|contattatemi|contattarmi|"
        "contattateci|contattate|contatti|contatta|mandatemi|mandarmi|mandate|mandi|inviatemi|inviate|inviarmi|inviare|"
        "disturbatemi|disturbate|disturbi|chiamatemi|chiamarmi|chiamate|messaggiate",
        "toglimi": "cancellami|cancellatemi|cancellarmi|rimuovimi|rimuovetemi|rimuovermi|toglimi|toglietemi|togliermi|"
        "eliminami|eliminatemi|eliminarmi|disiscrivimi|disiscrivetemi|disiscrivermi|rimuoveteci|mi_tolga|mi_cancelli|"
        "mi_rimuova",
        "togli": "cancella|cancellate|cancelli|rimuovi|rimuovete|rimuova|togli|togliete|tolga|elimina|eliminate|"
        "elimini",
        "voglio": "voglio|desidero|vogliamo|desideriamo|vorrei|gradisco|intendo",
    },
    phrases=(
        "{smettere} di {scrivermi}",
        "non mi|ci? {scrivete} mai? più",
        "non mandarmi|mandatemi|inviarmi|inviatemi|mandi|invii più? altri? {messaggi}",
        "non {voglio} più sentirti|sentirvi|vedere",
        "non contattarmi|contattatemi|disturbarmi|disturbatemi|scrivermi|scrivetemi $",
        "non {voglio} più? ricevere? più|altri|altre|i_vostri|vostri|questi|ulteriori|nessun? {messaggi}",
        "non {voglio} più? ricevere più|niente|nulla? $",
        "non {voglio} più ricevere|essere",
        "non {voglio} essere contattato|contattata|disturbato|disturbata",
        "basta|stop con? i|questi|gli|le|ai|vostri|la|coi? {messaggi}",
        "^ basta|smettetela|smettila|piantatela $$",
        "nessun|niente altro|più? {messaggi} $",
        "{toglimi} $",
        "{toglimi} da|dalla|dalle|dal|dai * lista|liste|elenco|rubrica|contatti|mailing|database|registro",
        "{togli} il? mio|questo|miei|i_miei numero|contatto|nome|dati|nominativo",
        "disiscrivere|disiscrizione|disiscrivermi|annullare_l_iscrizione $",
        "^ mi stai|state|sta molestando|disturbando|importunando $",
        "lasciami|lasciatemi|lasciateci|mi_lasci|mi_lasciate in pace|stare",
        "^ * numero|persona sbagliato|errato|sbagliata $",
        "sbagliato|sbagliate|sbaglia numero|persona",
    ),
)

LANGUAGES = (SPANISH, FRENCH, PORTUGUESE, ITALIAN)
