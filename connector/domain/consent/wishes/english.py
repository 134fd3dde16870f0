"""English wishes to be left alone."""

from __future__ import annotations

from connector.domain.consent.phrases import Wishes

ENGLISH = Wishes(
    language="English",
    ornament="""
    please pls plz plese pleas plzz kindly thanks thank you thx ty tks thankyou u tho though now ok okay k kk yes yeah
    yea yep hey hi hello sir maam guys guy team all already asap immediately right away today just ugh omg god damn
    dammit damnit fuck fucking fuckin fck fu shit wtf tf hell the ffs for sake lol smh seriously actually really real
    fr im i am
    not interested no nope nah so and but again forever permanently at once oh sorry dear friend bro dude man people
    yall
    everyone bye goodbye idiots idiot asshole assholes jerk jerks bitch bastards morons in advance appreciated
    appreciate it would greatly regards cheers here said ma""",
    negations="dont not never wont cant cannot didnt doesnt couldnt wouldnt wasnt isnt havent without they he she who "
    "didn",
    vocabulary={
        "stop": "stop|quit|cease|halt|stopping",
        "dont": "dont|do_not|donot|dnt|do_nt|don_t|never|dont_you|dont_u|dont_ever|do_not_ever|never_ever",
        "text": "text|txt|tex|txet|texting|txting|message|messages|messaging|msg|msging|messege|sms|contact|"
        "contacting|write|writing|"
        "email|emailing|bother|bothering|bug|bugging|harass|harassing|pester|spam|spamming|annoy|disturb|dm|reach_out|"
        "reaching_out|solicit|send_{message}|ping",
        "texting": "texting|txting|textin|txtin|msgin|messagin|callin|spammin|botherin|buggin|wasting_my_time|texing|"
        "textign|texitng|text|texts|txt|messaging|msging|messageing|message|msg|contacting|contact|calling|"
        "emailing|mailing|spamming|spam|bothering|bother|bugging|harassing|harrassing|hassling|pestering|annoying|"
        "disturbing|soliciting|reaching_out|following_up|smsing|writing|blowing_up|pinging|dming|stalking",
        "call": "call|phone|ring|calling",
        "me": "me|us|to_me|to_us|with_me|{mine}_{number}|{mine}_line|to_{mine}_{number}|at_this_number|on_this_number|"
        "here|"
        "my_wife|my_husband|my_mom|my_kid",
        "mine": "my|this|our|the|that|his|her",
        "number": "number|numbers|phone_number|phone_numbers|cell_number|mobile_number|cell|cellphone|phone|mobile|"
        "contact|"
        "contacts|data|personal_data|my_data|contact_info|contact_information|contact_details|details|info|"
        "information|name",
        "message": "message|messages|mesages|messege|messeges|msg|msgs|text|texts|txt|txts|txtz|sms|text_message|"
        "text_messages|text_msg|text_msgs|spam|communication|communications|correspondence|texting|messaging",
        "sent": "{message}|offers|offer|promotions|promotion|promos|promo|ads|ad|adverts|advertisements|advertising|"
        "marketing|emails|mail|alerts|notifications|updates|reminders|calls|phone_calls|junk|crap|shit|bullshit|bs|"
        "coupons|"
        "newsletters|deals|stuff|solicitations|surveys|invites",
        "these": "{which}|all_{which}|any_{which}|with_{which}|with_all_{which}|of_{which}|more_of_{which}|"
        "any_of_{which}|"
        "{which}_{adjective}|{adjective}",
        "which": "these|this|those|that|them|your|ur|the|any|all|any_more|anymore|any_further|further|more|such|"
        "so_many|"
        "any_other|other|future|another|additional|any_additional|yalls",
        "adjective": "damn|stupid|fucking|annoying|automated|unsolicited|unwanted|promotional|marketing|political|bs|"
        "random",
        "list": "list|lists|database|contacts|contact_list|system|systems|mailing_list|mailing_lists|mailing|"
        "texting_list|"
        "text_list|sms_list|call_list|calling_list|phone_list|distribution|records|group|group_text|texts|text|"
        "messages|"
        "thread|campaign|process|do_not_call_list|{message}_list",
        "again": "again|anymore|any_more|ever|ever_again|back|no_more|at_all|any_longer|further",
        "remove": "remove|removed|remve|rmove|remov|rwmove|reomve|removeme|delete|deleted|erase|unlist|exclude|scrub|"
        "purge|strike",
        "later": "now|right|until|till|til|before|while|when|if|after|tonight|today|during|so|because|on|yet|unless|"
        "late|"
        "early|tomorrow|in|about|just|only|first|for|without|with|using|via|by",
        "off": "off|off_of|from|out_of",
        "your": "your|ur|the|this|that|any|all|all_your|all_ur|all_of_your|all_you|these",
        "no_want": "dont_{want}|do_not_{want}|dnt_{want}|didnt_{want}|did_not_{want}|never_wanted|no_longer_{want}|"
        "not_{want}|not_wanting|wish_not|never_asked_for|didnt_ask_for|did_not_ask_for|didnt_request|"
        "tired_of|sick_of|{how}_i_stop|{how}_you_stop|how_to_stop|like_to_stop|want_to_stop|wish_to_stop",
        "how": "how_do|how_can|can|may|could",
        "want": "want|wanna|wish|like|need|care|appreciate|desire",
        "to_get": "{get}|to_{get}|to_be_{get}|to_keep_{get}|keep_{get}|be_{get}|continue_{get}|to_continue_{get}|"
        "to_continue_to_{get}|be_sent|to_be_sent",
        "get": "receive|receiving|recieve|recieving|get|getting|see|seeing|have|participate_in",
        "contacted": "contacted|texted|messaged|bothered|called|harassed|spammed|solicited|disturbed|emailed|annoyed",
        "ambiguous": "delete|drremove|removea|quitend|quitremove|end_remove|remove_end|"
        "end_texts|end_messages|cancel_texts|cancel_messages|delete_quit|remove_text|remove_texts|opt|opt_end|opted|"
        "optstop|unsubscribed|removal|terminate|exit|cease|end_all|delete_all",
        "texts_of_a_list": "text|texts|text_messages|text_message|sms|messages|texting|text_alerts|sms_alerts|"
        "text_notifications|sms_notifications|text_subscription|sms_subscription|text_updates|sms_updates",
        "go_away": "go_away|go_to_hell|get_lost|buzz_off|bug_off|leave_me_be|let_me_be|jog_on|leave_my_alone|"
        "{fuck}_off|"
        "{fuck}_you|{fuck}_u|{fuck}_yourself|go_{fuck}_yourself|fuckoff|fuck_outta_here|get_outta_here|"
        "get_out_of_here|pissoff|piss_off|bugger_off|sod_off",
        "fuck": "fuck|fck|f|eff|screw",
        "of_mine": "for|of|in|on",
        "wrong": "wrong_number|wrong_numbers|wrong_phone_number|wrong_person|wrong_phone|wrong_guy|wrong_individual",
    },
    phrases=(
        # Stop doing it.
        "{stop} {texting} {me}",
        "{stop} {texting} $",
        "{stop} {texting} people|everyone|customers $",
        "{stop} {texting} {these} {message}",
        "{stop} sending|sendin|send * {message}",
        "{stop} receiving|getting|recieving {these}? {sent}",
        "{stop} sending|sendin|send me|us? {these}? {sent} $",
        "{stop} sending|sendin|send me|us? {these}? {sent} {again}",
        "{stop} sending|sendin|send me|us? it|them|this|these|those|that|anything|things|everything? $",
        "{stop} {these}? {sent} $",
        "{stop} {these}? {message} to|from|me|already|or",
        "{stop} all|any|further? contact|communication|communications|correspondence|contacting",
        "^ {stop} it|this|that|everything|all|nonsense|this_nonsense|this_shit|this_crap $",
        "^ stop $",
        "^^ stop # $$",
        "^^ stop msg|msgs|sms|pub|promo|promos|ads|ad|alerts|news|recu|infos|marketing $$",
        "say|said|tell|told|telling|ask|asked|asking|want|like|need|requested|demand|replied|typed|texted you|u|yall|"
        "this|"
        "it|that|them? to? stop $",
        "tell|told|telling|ask|asked|asking|want you|u|yall|them|guys to? {stop} {texting}",
        "tell|told|telling|ask|asked|asking you|u|yall|them? not|never to {text}|{call}",
        "you|u|yall|guys can|may|should|could|must|better|need_to|have_to|please stop|cease now? $",
        "{message} to? stop $",
        "{message} to stop can|please|now",
        "{message} must|should|need_to|have_to|has_to stop",
        "{message} are|r|is not|no_longer|unwelcome welcome|wanted",
        "^ cut_it_out|knock_it_off|give_it_a_rest $",
        "please cut_it_out|knock_it_off $",
        "^^ desist $$",
        "cease and|n desist",
        "discontinue * {sent}",
        "discontinue {texting}",
        # No more of it.
        "^ no more {these}? {sent} $",
        "^ no more {these}? {message}",
        "^^ no more $$",
        "want|with|get|please no more {these}? {message}",
        "^^ no texts|sms|text_messages|calls_or_texts $$",
        "please no {these}? {message}",
        "prefer|rather not to? {get} {these}? {message}",
        "enough with|of {these}? {sent}",
        "^^ enough|enough_is_enough $$",
        "^^ spam|spammer|harassment $$",
        "this is spam|harassment|harrassment|harassing $",
        "you|youre|are|u harassing|harrassing|spamming me|us",
        "^ you|youre|u * spamming $",
        "^ im|i_am|ill|will report|reporting you $",
        "any more of these|your {sent} and|or",
        "reported as|for spam",
        "report|reporting|reported this number",
        "add|put|place me|us|my_number|this_number on|to your|the|a? dnc|do_not_call|do_not_contact|do_not_text list?",
        "im|am|is|are on the|a|your? dnc|do_not_call|do_not_text list?",
        # Do not.
        "{dont} {text} {me}? {again}",
        "{dont} {text} {me} -{later}",
        "{dont} {text} $",
        "{dont} {call} {me}? or|and|nor {text}",
        "{dont} {text} or|and|nor {call}",
        "{dont} {call} {me}? {again}",
        "{dont} {call} this_number|here",
        "^^ {dont} {call} {me}? $$",
        "not to {text} {me}? {again}",
        "not to {text} {me} $",
        "please not {text} {me}",
        "{dont} send {me}? {these}? {message} -{later}",
        "{dont} send {me}? {these}? {sent} {again}",
        "{dont} send {me}? anything|any|nothing|more|further else|more|further? {again}? $",
        "{dont} send {me}? these|this|those {again}? $",
        "{dont} send me|us $",
        "^^ {dont}|not disturb $$",
        "{dont} follow_up $",
        # Do not want.
        "{no_want} {to_get}? {these}? {message} -{later}",
        "{no_want} {to_get} {these}? {sent} -{later}",
        "{no_want} {these}? {sent} {again}",
        "{no_want} {these} calls|phone_calls|emails $",
        "{no_want} {to_get} {these}? {again}? $",
        "{no_want} {these} {again} $",
        "{no_want} your|ur {sent}",
        "{no_want} to? hear|hearing from|back",
        "{no_want} to? be? {contacted}",
        "{no_want} you|u|yall|anyone to? {text}|{call} {me}?",
        "{no_want} anything from you|u|yall",
        "{no_want} to? be? on|in|part_of {your}? {list}",
        "no longer {text} {me}",
        "not interested in {to_get}? {these}? {message}",
        "no|not longer? interested in {to_get} {these}? {sent}",
        "never|didnt|did_not|have_not|havent sign|signed|subscribe|subscribed|opt|opted|consent|consented|agree|"
        "agreed up|"
        "in|to? for|to? {to_get}? {these}? {message}",
        "never|didnt|did_not|have_not|havent sign|signed|subscribe|subscribed|opt|opted|consent|consented up|in|to? "
        "for|to?"
        " this|these|it|that|any_of_this|anything? $",
        # Off the list.
        "{remove} me|us|them $",
        "{remove} me|us|my_name|myself {off} {your}? * {list}",
        "{remove} me|us {off} this|these|it|here|everything $",
        "{remove} {mine} {number} $",
        "{remove} {mine} {number} {off} {your}? * {list}",
        "{remove} {number} $",
        "{remove} {off} {your}? * {list} $",
        "^^ please|just delete|erase|unlist $$",
        "take|get|keep|leave me|us|{mine}_{number} off $",
        "take|get|keep|leave me|us|him|her|{mine}_{number}? {off} of? {your}? * {list} -{of_mine}",
        "^^ take|get off $$",
        "be|been|get|getting removed|taken_off|deleted|unsubscribed|excluded from|of? {your} * {list}",
        "be|get removed|taken_off|unsubscribed|opted_out $",
        "^ lose|loose|forget|delete my|this number|numbers|contact|digits",
        "^^ {ambiguous} $$",
        "cancel|end|terminate all|these|the|this|those|your|my? {texts_of_a_list} $",
        "turn|shut|switch off all|these|the|this|those|your? {message}",
        # Unsubscribe, opt out.
        "unsubscribe|unsub|unsubscribing me|us|this|my|now|please|immediately|all|asap|here|thanks|thank|and|pls|plz",
        "unsubscribe|unsub|unsubscribing me? from this|it|here|everything|all",
        "unsubscribe|unsub|unsubscribing me? from {your}? * {list}|{sent}",
        "unsubscribe|unsub|unsubscribing $",
        "opt|opting|opted me|us|myself|this_number? out|outt $",
        "opt|opting|opted me|us|myself|this_number? out|outt to|from|of {these}? {message}|end|send|stop|list",
        "opt me|us|my|this_number out",
        "opt out me|us",
        "opt out from|of all? {your}? {list}|{sent}",
        "opy|otp|ipt|optt out $",
        "^ optout|i_optout",
        "want|like|wish|need|please|can|i to? optout",
        "revoke|revoking|withdraw|withdrawing my? consent|permission",
        # The wrong person.
        "^ you|u|this|its|a|the|sorry|im? * wrong_number|wrong_person $",
        "^^ not me? wrong $$",
        "^^ not me . wrong $$",
        "you|u|ya|yall|youve|must|probably have|has|got|texting|texted|messaging|contacting|reached a|the {wrong} "
        "-{of_mine}",
        "this is|isnt a|the {wrong} -{of_mine}",
        "texting|messaging|contacting the {wrong}",
        # Leave me.
        "leave me|us|my_family the? fuck|hell|heck|fucking|freaking|f|tf? alone",
        "^ {go_away} $$",
        "^^ {go_away} $",
        "ill|will|gonna|im|going_to|and block|blocking you|u|this_number|your_number|ya",
        "^^ block|blocked $$",
    ),
)
