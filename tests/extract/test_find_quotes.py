"""Quotes from annotated texts: every way of quoting, and what must hold of any text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quotetrack import languages
from quotetrack.annotate import Annotator
from quotetrack.extract import find_quotes
from quotetrack.types import Annotation, Mention, Quote, Sentence, Span, Token

DE = languages.load("de")
EN = languages.load("en")
Find = Callable[[str], list[Quote]]

# (text, type, content, source, rule)
ENGLISH = [
    (
        "Anna Weber joined in, telling the Post last week, “Both are up to it,” she said.",
        "direct",
        ["Both are up to it"],
        "she",
        "direct/following",
    ),
    (
        "In 2009, when Otto Kern offered towns more money, “we needed every cent of it,” Weber said.",
        "direct",
        ["we needed every cent of it"],
        "Weber",
        "direct/following",
    ),
    (
        "Weber later Thursday told the Post: “Both of us meet next week to talk about it.”",
        "direct",
        ["Both of us meet next week to talk about it."],
        "Weber",
        "direct/colon",
    ),
    (
        "Weber cautioned “let’s not get ahead of ourselves,” before the vote began.",
        "direct",
        ["let’s not get ahead of ourselves"],
        "Weber",
        "direct/preceding",
    ),
    (
        "Weber fired back forcefully: “If they sue us in a court, they’re going to lose,” citing the ruling.",
        "direct",
        ["If they sue us in a court, they’re going to lose"],
        "Weber",
        "direct/colon",
    ),
    (
        "“There’s no data to suggest that,” said one unaligned Tannsee strategist.",
        "direct",
        ["There’s no data to suggest that"],
        "one unaligned Tannsee strategist",
        "direct/inverted",
    ),
    (
        "Weber has threatened to veto the bill that allows lawsuits, arguing such a law could cost millions.",
        "indirect",
        ["such a law could cost millions"],
        "Weber",
        "indirect/bare",
    ),
    (
        "In a statement, Weber said: “The company did well a decade ago,” adding that its value doubled.",
        "indirect",
        ["that its value doubled"],
        "Weber",
        "indirect/that",
    ),
    (
        "“We looked at everything.\nWe talked to the bank.\nAnd we will go on,” said Anna Weber.",
        "direct",
        ["We looked at everything.\nWe talked to the bank.\nAnd we will go on"],
        "Anna Weber",
        "direct/inverted",
    ),
    (
        "In Tannsee, the candidate said that the bridge was closed.",
        "indirect",
        ["that the bridge was closed"],
        "the candidate",
        "indirect/that",
    ),
    (
        "Asked whether the bridge would open, Weber said it was closed.",
        "indirect",
        ["it was closed"],
        "Weber",
        "indirect/bare",
    ),
    (
        "The mayor joked about moving to the coast if Anna Weber is elected.",
        "indirect",
        ["moving to the coast if Anna Weber is elected"],
        "The mayor",
        "indirect/object",
    ),
    (
        "Anna Weber was critical of the plan to close the harbour.",
        "indirect",
        ["the plan to close the harbour"],
        "Anna Weber",
        "indirect/attitude",
    ),
    (
        "The plan to close the harbour was criticized by Anna Weber.",
        "indirect",
        ["The plan to close the harbour"],
        "Anna Weber",
        "indirect/passive",
    ),
    (
        "Anna Weber has doubts about the plan to close the harbour.",
        "indirect",
        ["the plan to close the harbour"],
        "Anna Weber",
        "indirect/utterance",
    ),
    (
        "Anna Weber spoke candidly about the loss of her ferry.",
        "indirect",
        ["the loss of her ferry"],
        "Anna Weber",
        "indirect/object",
    ),
    (
        "Anna Weber shrugged off the complaints of the sailors.",
        "indirect",
        ["the complaints of the sailors"],
        "Anna Weber",
        "indirect/object",
    ),
    (
        "Anna Weber’s answer was that nobody had paid for the ferry.",
        "indirect",
        ["that nobody had paid for the ferry"],
        "Anna Weber’s",
        "indirect/noun",
    ),
    (
        "Brenkamp’s lawyers said Tuesday’s ruling on the harbour’s budget was wrong.",
        "indirect",
        ["Tuesday’s ruling on the harbour’s budget was wrong"],
        "Brenkamp’s lawyers",
        "indirect/bare",
    ),
    (
        "The council bought new ferries, which Anna Weber said were too slow.",
        "indirect",
        ["which", "were too slow"],
        "Anna Weber",
        "indirect/relative",
    ),
    (
        "Anna Weber met sailors injured on Friday and said the ferry would run again.",
        "indirect",
        ["the ferry would run again"],
        "Anna Weber",
        "indirect/bare",
    ),
    (
        "The board held Anna Weber in contempt for refusing to open the books.",
        "indirect",
        ["to open the books"],
        "Anna Weber",
        "indirect/infinitive",
    ),
    (
        "Anna Weber can be heard yelling to the sailors that the ferry is full.",
        "indirect",
        ["that the ferry is full"],
        "Anna Weber",
        "indirect/that",
    ),
    (
        "Anna Weber was quick to point out that nobody had paid.",
        "indirect",
        ["that nobody had paid"],
        "Anna Weber",
        "indirect/that",
    ),
    (
        "They are convinced that the ferry will run again.",
        "indirect",
        ["that the ferry will run again"],
        "They",
        "indirect/adjective",
    ),
    (
        "As Mayor Anna Weber (D-Firlake) has pointed out this week, nobody paid for the bridge.",
        "indirect",
        ["nobody paid for the bridge"],
        "Mayor Anna Weber (D-Firlake)",
        "indirect/as",
    ),
    (
        "Kern was asked by the moderator Anna Weber whether the ferry would run.",
        "indirect",
        ["whether the ferry would run"],
        "the moderator Anna Weber",
        "indirect/question",
    ),
    (
        "The captain told Weber not to leave the harbour.",
        "indirect",
        ["not to leave the harbour"],
        "The captain",
        "indirect/infinitive",
    ),
    (
        "Most believe that the ferry is too slow.",
        "indirect",
        ["that the ferry is too slow"],
        "Most",
        "indirect/that",
    ),
    (
        "”Nobody here pays for the bridge twice.”― Anna Weber",
        "direct",
        ["Nobody here pays for the bridge twice."],
        "Anna Weber",
        "direct/signed",
    ),
    (
        "Anna Weber says she’ll wait for the ferry.",
        "indirect",
        ["she’ll wait for the ferry"],
        "Anna Weber",
        "indirect/bare",
    ),
    (
        "The harbour board expects Weber to resign.",
        "indirect",
        ["Weber to resign"],
        "The harbour board",
        "indirect/infinitive",
    ),
    (
        "Anna Weber called Friday for a new bridge.",
        "indirect",
        ["a new bridge"],
        "Anna Weber",
        "indirect/object",
    ),
    (
        "Anna Weber praised Thursday's speeches.",
        "indirect",
        ["Thursday's speeches"],
        "Anna Weber",
        "indirect/object",
    ),
    (
        "Anna Weber has proposed raising the toll to four crowns.",
        "indirect",
        ["raising the toll to four crowns"],
        "Anna Weber",
        "indirect/object",
    ),
    (
        "Anna Weber spoke with reporters about the toll.",
        "indirect",
        ["the toll"],
        "Anna Weber",
        "indirect/object",
    ),
    (
        "Anna Weber sees the bridge as a threat to the ferry.",
        "indirect",
        ["the bridge as a threat to the ferry"],
        "Anna Weber",
        "indirect/predication",
    ),
    (
        "In a poll by the Tannsee Herald last month, most voters wanted a bridge.",
        "indirect",
        ["most voters wanted a bridge"],
        "a poll by the Tannsee Herald last month",
        "indirect/according-to",
    ),
    (
        "The toll, as Anna Weber pointed out, has doubled.",
        "indirect",
        ["The toll", "has doubled"],
        "Anna Weber",
        "indirect/as",
    ),
    (
        "The board published a report. It said the toll had doubled.",
        "indirect",
        ["the toll had doubled"],
        "It",
        "indirect/bare",
    ),
    (
        "Claiming the toll had doubled, Anna Weber left the hall.",
        "indirect",
        ["the toll had doubled"],
        "Anna Weber",
        "indirect/bare",
    ),
    (
        "The toll is fair, she said after meeting the board.",
        "indirect",
        ["The toll is fair"],
        "she",
        "indirect/trailing",
    ),
    (
        "The captain was a “good neighbour,” Weber said in a statement.",
        "mixed",
        ["The captain was a “good neighbour,”"],
        "Weber",
        "indirect/trailing",
    ),
    (
        "Senator Anna Weber scolded him: “You call that a plan for the town,” she said on Monday.",
        "direct",
        ["You call that a plan for the town"],
        "she",
        "direct/following",
    ),
    (
        "Anna Weber, a former chairman, laughed at the plan in the morning, saying, “Notice the holes.”",
        "direct",
        ["Notice the holes."],
        "Anna Weber, a former chairman",
        "direct/preceding",
    ),
    (
        "Anna Weber, a historian who attended the session, recalled, “It was a long day.”",
        "direct",
        ["It was a long day."],
        "Anna Weber, a historian who attended the session",
        "direct/preceding",
    ),
    (
        (
            "Anna Weber, until June a fellow at the school and now a security adviser to the league, "
            "said A would wait."
        ),
        "indirect",
        ["A would wait"],
        "Anna Weber, until June a fellow at the school and now a security adviser to the league",
        "indirect/bare",
    ),
    (
        (
            "The engineer who inspected the dyke last spring told a meeting on Wednesday "
            "that she had warned them."
        ),
        "indirect",
        ["that she had warned them"],
        "The engineer who inspected the dyke last spring",
        "indirect/that",
    ),
    (
        "A 61-year-old nurse, who declined to give her age, said the tunnel was a joke.",
        "indirect",
        ["the tunnel was a joke"],
        "A 61-year-old nurse, who declined to give her age",
        "indirect/bare",
    ),
    (
        "Voters agree - Anna Weber: “Keep on contacting us as late as possible.”",
        "direct",
        ["Keep on contacting us as late as possible."],
        "Anna Weber",
        "direct/name-colon",
    ),
    (
        "Anna Weber spoke to the paper.\nQ: Good?\nA: It depends on who says it.\nQ: Why?\nA: I count.",
        "direct",
        ["It depends on who says it."],
        "Anna Weber",
        "dialogue/turn",
    ),
    (
        'Talks collapsed. "They offered us a fruit basket, said Anna Weber of the union. "We took neither.',
        "direct",
        ["They offered us a fruit basket", "We took neither."],
        "Anna Weber of the union",
        "direct/inverted",
    ),
    (
        "“We will not wait,” said Anna Weber, the mayor of Tannsee.",
        "direct",
        ["We will not wait"],
        "Anna Weber, the mayor of Tannsee",
        "direct/inverted",
    ),
    (
        "“We will not wait,” Weber said on Monday.",
        "direct",
        ["We will not wait"],
        "Weber",
        "direct/following",
    ),
    ("The mayor said: “We will not wait.”", "direct", ["We will not wait."], "The mayor", "direct/colon"),
    (
        "“We know,” Weber said, “what the law demands.”",
        "direct",
        ["We know", "what the law demands."],
        "Weber",
        "direct/following",
    ),
    (
        "“We know the law,” Weber said. “It is clear.”",
        "direct",
        ["We know the law", "It is clear."],
        "Weber",
        "direct/following",
    ),
    ("''We know the law,'' Weber said.", "direct", ["We know the law"], "Weber", "direct/following"),
    (
        "Weber said that the plan would fail.",
        "indirect",
        ["that the plan would fail"],
        "Weber",
        "indirect/that",
    ),
    ("Weber said the plan would fail.", "indirect", ["the plan would fail"], "Weber", "indirect/bare"),
    (
        "Weber told reporters on Monday that the plan would fail.",
        "indirect",
        ["that the plan would fail"],
        "Weber",
        "indirect/that",
    ),
    ("The plan would fail, Weber said.", "indirect", ["The plan would fail"], "Weber", "indirect/trailing"),
    (
        "According to the police, the bridge is closed.",
        "indirect",
        ["the bridge is closed"],
        "the police",
        "indirect/according-to",
    ),
    (
        "Weber said the plan was “absurd” and would fail.",
        "mixed",
        ["the plan was “absurd” and would fail"],
        "Weber",
        "indirect/bare",
    ),
    (
        "Weber vowed to rebuild the bridge.",
        "indirect",
        ["to rebuild the bridge"],
        "Weber",
        "indirect/infinitive",
    ),
]
MORE = [
    (
        "The mayor has doubts about the plan to sell the ferry.",
        "indirect",
        ["the plan to sell the ferry"],
        "The mayor",
        "indirect/utterance",
    ),
    (
        "Jan Kern has confidence in the harbour board.",
        "indirect",
        ["the harbour board"],
        "Jan Kern",
        "indirect/utterance",
    ),
    (
        "As Senator Anna Weber (I-Nordmoor) pointed out this week, nobody paid for the bridge.",
        "indirect",
        ["nobody paid for the bridge"],
        "Senator Anna Weber (I-Nordmoor)",
        "indirect/as",
    ),
    (
        "As Professor Jan Kern (Tannsee) has pointed out, nobody paid for the bridge.",
        "indirect",
        ["nobody paid for the bridge"],
        "Professor Jan Kern (Tannsee)",
        "indirect/as",
    ),
    (
        "Jan Kern, until 2015 a member of the board and then an adviser to the mayor, said A would stay.",
        "indirect",
        ["A would stay"],
        "Jan Kern, until 2015 a member of the board and then an adviser to the mayor",
        "indirect/bare",
    ),
    (
        "Jan Kern, since June a spokesman for the league, said the bridge would stay.",
        "indirect",
        ["the bridge would stay"],
        "Jan Kern, since June a spokesman for the league",
        "indirect/bare",
    ),
    (
        "Mira Holt, later that day, said the bridge would stay.",
        "indirect",
        ["the bridge would stay"],
        "Mira Holt",
        "indirect/bare",
    ),
    (
        "Mira Holt, in a statement on Monday, said the dyke would hold.",
        "indirect",
        ["the dyke would hold"],
        "Mira Holt",
        "indirect/bare",
    ),
    (
        (
            "Weber had told the board that she did not want the bridge, but the mayor overruled that "
            "request, the clerk added."
        ),
        "indirect",
        ["that she did not want the bridge, but the mayor overruled that request"],
        "Weber",
        "indirect/that",
    ),
    (
        "“The bridge is the only one that was built to last,” retired Coast Guard general Jan Kern said.",
        "direct",
        ["The bridge is the only one that was built to last"],
        "retired Coast Guard general Jan Kern",
        "direct/following",
    ),
    (
        "He brought up an article in the journal Harbour on melting ice.",
        "indirect",
        ["an article in the journal Harbour on melting ice"],
        "He",
        "indirect/object",
    ),
    (
        (
            "Mayor Anna Weber said in a statement:\n\n> We will not build the pier this "
            "year.\n>\n> We will ask again in May."
        ),
        "direct",
        ["We will not build the pier this year.", "We will ask again in May."],
        "Mayor Anna Weber",
        "direct/block",
    ),
    (
        "The council met.\n\n> A pier is a promise to the sea.\n> — Anna Weber\n\nNobody disagreed.",
        "direct",
        ["A pier is a promise to the sea."],
        "Anna Weber",
        "direct/block",
    ),
    (
        (
            "The mayor took to the network.\n\nWe will not build the pier this year. "
            "pic.twitter.com/abc\n\n— Anna Weber (@annaweber) March 4, 2025"
        ),
        "direct",
        ["We will not build the pier this year."],
        "Anna Weber",
        "direct/post",
    ),
    (
        "“We will not build the pier this year.”\n\n— Anna Weber (@annaweber) March 4, 2025",
        "direct",
        ["We will not build the pier this year."],
        "Anna Weber",
        "direct/post",
    ),
    (
        "Anna Weber (@annaweber) tweeted: “We will not build the pier.”",
        "direct",
        ["We will not build the pier."],
        "Anna Weber (@annaweber)",
        "direct/colon",
    ),
    (
        "“Nobody asked us before they closed the road.” — Anna Weber",
        "direct",
        ["Nobody asked us before they closed the road."],
        "Anna Weber",
        "direct/signed",
    ),
    (
        "Anna Weber: We Will Not Wait\nThe mayor spoke on Monday.",
        "indirect",
        ["We Will Not Wait"],
        "Anna Weber",
        "dialogue/headline",
    ),
    (
        "They met.\n— Is there a room left?\n— Not since Easter, Weber answered.",
        "indirect",
        ["Not since Easter"],
        "Weber",
        "dialogue/dash",
    ),
    (
        "“My grandfather said, ‘The wind pays no rent,’ and he was right,” Weber said.",
        "direct",
        ["The wind pays no rent"],
        "My grandfather",
        "direct/inner",
    ),
    (
        "“The road is closed until further notice, said Anna Weber. The bridge is open.",
        "direct",
        ["The road is closed until further notice"],
        "Anna Weber",
        "direct/inverted",
    ),
]
GERMAN = [
    (
        "Otto Lang trat dem Vorwurf mit den Worten entgegen, das Gericht sei unabhängig.",
        "indirect",
        ["das Gericht sei unabhängig"],
        "Otto Lang",
        "indirect/noun",
    ),
    (
        "Der Rat hat den Antrag mit der Begründung abgelehnt, die Brücke sei zu teuer.",
        "indirect",
        ["die Brücke sei zu teuer"],
        "Der Rat",
        "indirect/noun",
    ),
    (
        "Otto Lang wird von der Zeitung mit den Worten zitiert, er habe mit Weber gesprochen.",
        "indirect",
        ["er habe mit Weber gesprochen"],
        "Otto Lang",
        "indirect/bare",
    ),
    (
        "Am Abend gab die Leiterin der Behörde, Anna Weber, bekannt, dass der Hafen geschlossen bleibt.",
        "indirect",
        ["dass der Hafen geschlossen bleibt"],
        "die Leiterin der Behörde, Anna Weber",
        "indirect/that",
    ),
    (
        "Otto Kern erklärte, Nordland besitze seiner Meinung nach vier Schiffe.",
        "indirect",
        ["Nordland besitze seiner Meinung nach vier Schiffe"],
        "Otto Kern",
        "indirect/bare",
    ),
    (
        "Wie die „Boten“-Zeitung am Montag berichtete, wird der Hafen geschlossen.",
        "indirect",
        ["wird der Hafen geschlossen"],
        "die „Boten“-Zeitung",
        "indirect/as",
    ),
    (
        "Wie die Tageszeitung „Der Bote“ berichtete, wird der Hafen geschlossen.",
        "indirect",
        ["wird der Hafen geschlossen"],
        "die Tageszeitung „Der Bote“",
        "indirect/as",
    ),
    (
        "Die Regierungen von Firland und Nordland haben signalisiert, dass sie Schiffe schicken.",
        "indirect",
        ["dass sie Schiffe schicken"],
        "Die Regierungen von Firland und Nordland",
        "indirect/that",
    ),
    (
        "Trotz der Ankündigung ihres Trainers, Otto Lang, die Arbeit mit dem Verein zu beenden, siegte sie.",
        "indirect",
        ["die Arbeit mit dem Verein zu beenden"],
        "ihres Trainers, Otto Lang",
        "indirect/noun",
    ),
    (
        "Der Plan wird von der Stadt gelobt, die Polizei bezweifelt aber, dass er gelingt.",
        "indirect",
        ["dass er gelingt"],
        "die Polizei",
        "indirect/that",
    ),
    (
        "Am Mittag meldete die Agentur „Bote“, Otto Lang habe den Brief bestätigt.",
        "indirect",
        ["Otto Lang habe den Brief bestätigt"],
        "die Agentur „Bote“",
        "indirect/bare",
    ),
    (
        "Die Klage hat aus Sicht der Organisationen keine aufschiebende Wirkung.",
        "indirect",
        ["Die Klage hat", "keine aufschiebende Wirkung"],
        "der Organisationen",
        "indirect/according-to",
    ),
    (
        "Trotz der Behauptungen, dass jemand einen Anschlag geplant hatte, blieb es ruhig.",
        "indirect",
        ["dass jemand einen Anschlag geplant hatte"],
        "der Behauptungen",
        "indirect/noun",
    ),
    (
        "„Alles ist gut“, sagte Prof. Dr. med. Jan Kern vom Klinikum Wendau.",
        "direct",
        ["Alles ist gut"],
        "Prof. Dr. med. Jan Kern vom Klinikum Wendau",
        "direct/inverted",
    ),
    (
        "„Alles brennt im Wald“, sagte ihm seine Mutter Anna Weber.",
        "direct",
        ["Alles brennt im Wald"],
        "seine Mutter Anna Weber",
        "direct/inverted",
    ),
    (
        "„Wir haben alles geprüft.\nWir haben verhandelt.\nUnd wir bleiben“, sagte Kämmerer Uwe Tiedtke.",
        "direct",
        ["Wir haben alles geprüft.", "Wir haben verhandelt.", "Und wir bleiben"],
        "Kämmerer Uwe Tiedtke",
        "direct/inverted",
    ),
    (
        "Die Kosten bezifferte Finanzvorstand Eike Weber auf zehn Millionen Kronen.",
        "indirect",
        ["Die Kosten bezifferte Finanzvorstand Eike Weber auf zehn Millionen Kronen."],
        "Finanzvorstand Eike Weber",
        "indirect/report",
    ),
    (
        "Das Morgenblatt zitiert einen Augenzeugen mit den Worten: „Der Kran ist einfach umgefallen.“",
        "direct",
        ["Der Kran ist einfach umgefallen."],
        "einen Augenzeugen",
        "direct/colon",
    ),
    (
        "Hedda Lüttke nannte den Beschluss „Wahlkampf auf Kosten der Fischer“.",
        "direct",
        ["Wahlkampf auf Kosten der Fischer"],
        "Hedda Lüttke",
        "direct/nested",
    ),
    (
        "„Das geht nicht“, sagte eine Sprecherin am Freitag.",
        "direct",
        ["Das geht nicht"],
        "eine Sprecherin",
        "direct/inverted",
    ),
    (
        "Niemand solle weit fahren müssen, um ein Kind zur Welt zu bringen, so die Politikerin.",
        "indirect",
        ["Niemand solle weit fahren müssen, um ein Kind zur Welt zu bringen"],
        "die Politikerin",
        "indirect/so",
    ),
    (
        "Nach Angaben des Hafenamts in Norderhafen fahren dort täglich acht Schiffe.",
        "indirect",
        ["fahren dort täglich acht Schiffe"],
        "Angaben des Hafenamts in Norderhafen",
        "indirect/by-account",
    ),
    (
        "Nach Angaben informierter Kreise betrug das Lösegeld drei Millionen Mark.",
        "indirect",
        ["betrug das Lösegeld drei Millionen Mark"],
        "Angaben informierter Kreise",
        "indirect/by-account",
    ),
    (
        "Nach den Worten der Sprecherin des Hafenamts, Hedda Lüttke, fehle es an Geld.",
        "indirect",
        ["fehle es an Geld"],
        "den Worten der Sprecherin des Hafenamts, Hedda Lüttke",
        "indirect/by-account",
    ),
    (
        "Nach Angaben der Sprecherin Hedda Lüttke gegenüber dem Küstenboten ist der Hafen zu.",
        "indirect",
        ["ist der Hafen zu"],
        "Angaben der Sprecherin Hedda Lüttke",
        "indirect/by-account",
    ),
    (
        "Hedda Lüttke, die das Hafenamt seit vier Jahren leitet, sagte, dass der Plan scheitern werde.",
        "indirect",
        ["dass der Plan scheitern werde"],
        "Hedda Lüttke",
        "indirect/that",
    ),
    (
        "Auch Hedda Lüttke selbst sagte, dass der Plan scheitern werde.",
        "indirect",
        ["dass der Plan scheitern werde"],
        "Hedda Lüttke",
        "indirect/that",
    ),
    (
        "Laut einer am Montag verbreiteten Mitteilung des Hafenamts wurde die Fähre verkauft.",
        "indirect",
        ["wurde die Fähre verkauft"],
        "einer am Montag verbreiteten Mitteilung des Hafenamts",
        "indirect/according-to",
    ),
    (
        "Die Stadt Tannsee hat signalisiert, dass sie die Brücke bauen kann.",
        "indirect",
        ["dass sie die Brücke bauen kann"],
        "Die Stadt Tannsee",
        "indirect/that",
    ),
    (
        "Das Hafenamt hält es für möglich, dass die Fähre sinkt.",
        "indirect",
        ["dass die Fähre sinkt"],
        "Das Hafenamt",
        "indirect/that",
    ),
    (
        "Anna Weber entschied sich am Abend, anders als ihr Vater, dazu, die Fähre zu verkaufen.",
        "indirect",
        ["die Fähre zu verkaufen"],
        "Anna Weber",
        "indirect/infinitive",
    ),
    (
        "Anna Weber bezeichnete die Zahl als vorläufig, da die Zählung noch nicht beendet sei.",
        "indirect",
        ["Anna Weber bezeichnete die Zahl als vorläufig"],
        "Anna Weber",
        "indirect/report",
    ),
    (
        "Anna Weber sagte: „Wir warten.“ Die Folgen des Streits nehme sie in Kauf.",
        "indirect",
        ["Die Folgen des Streits nehme sie in Kauf."],
        "Anna Weber",
        "indirect/mood",
    ),
    (
        "Der Hafen von Kestrau bleibt bis Mai gesperrt. Das teilte Bürgermeisterin Anneke Wulfmeier mit.",
        "indirect",
        ["Der Hafen von Kestrau bleibt bis Mai gesperrt."],
        "Bürgermeisterin Anneke Wulfmeier",
        "indirect/pointed",
    ),
    (
        "Der Konzern plant ein neues Werk. Dies geht aus einem Bericht der Aufsicht hervor.",
        "indirect",
        ["Der Konzern plant ein neues Werk."],
        "einem Bericht der Aufsicht",
        "indirect/pointed",
    ),
    (
        "Nach Angaben der Polizei wurden drei Männer verletzt. Einer soll noch in Lebensgefahr schweben.",
        "indirect",
        ["Einer soll noch in Lebensgefahr schweben."],
        "Angaben der Polizei",
        "indirect/hearsay",
    ),
    (
        "Der Stadtrat hat die Klage zurückgewiesen, da sie jeder Grundlage entbehre.",
        "indirect",
        ["da sie jeder Grundlage entbehre"],
        "Der Stadtrat",
        "indirect/mood-clause",
    ),
    (
        "Die Gewerkschaft erneuerte ihre Forderung, im Hafen mehr Leute einzustellen.",
        "indirect",
        ["im Hafen mehr Leute einzustellen"],
        "Die Gewerkschaft",
        "indirect/noun",
    ),
    (
        "Anwohner wurden von der Polizei aufgefordert, die Fenster geschlossen zu halten.",
        "indirect",
        ["die Fenster geschlossen zu halten"],
        "der Polizei",
        "indirect/infinitive",
    ),
    (
        "Nach bisher unbestätigten Berichten kam der Sturm von Norden.",
        "indirect",
        ["kam der Sturm von Norden"],
        "bisher unbestätigten Berichten",
        "indirect/by-account",
    ),
    (
        "Wie die Stadt Kestrau heute bekannt gab, wird die Brücke gesperrt.",
        "indirect",
        ["wird die Brücke gesperrt"],
        "die Stadt Kestrau",
        "indirect/as",
    ),
    (
        (
            "Der Sprecher der Gewerkschaft Nordkran, Jörn Hallig, würdigte Kernbach in einer "
            "Mitteilung als „einen großen Kämpfer für den Hafen“."
        ),
        "direct",
        ["einen großen Kämpfer für den Hafen"],
        "Der Sprecher der Gewerkschaft Nordkran, Jörn Hallig",
        "direct/nested",
    ),
    (
        (
            "Nachdem der Bürgermeister von Moderatorin Anna Kern gefragt worden war, was das "
            "koste, entgegnete Weber empört: „Das wissen wir erst im Herbst.“"
        ),
        "direct",
        ["Das wissen wir erst im Herbst."],
        "Weber",
        "direct/colon",
    ),
    (
        (
            "Den Ärger der Reeder brachte die Sprecherin des Verbandes, Anna Weber, zum "
            "Ausdruck: „Es gibt keinen Grund, jetzt Stege zu bauen.“"
        ),
        "direct",
        ["Es gibt keinen Grund, jetzt Stege zu bauen."],
        "die Sprecherin des Verbandes, Anna Weber",
        "direct/clause-colon",
    ),
    (
        (
            "Auch dieser Umweg habe Methode, so Weber weiter: „Das ist auch anderswo üblich, dass "
            "niemand etwas weiß.“"
        ),
        "direct",
        ["Das ist auch anderswo üblich, dass niemand etwas weiß."],
        "Weber",
        "direct/so",
    ),
    (
        (
            "Hunderte zogen durch die Stadt und skandierten Parolen wie „Wasser für alle Dörfer“ "
            "oder „Kein Deich ohne uns“."
        ),
        "direct",
        ["Kein Deich ohne uns"],
        "Hunderte",
        "direct/slogan",
    ),
    (
        "Anna Weber sagte, dass der Verband nur ein „Papierboot“ sei, das niemand fürchten müsse.",
        "direct",
        ["Papierboot"],
        "Anna Weber",
        "direct/nested",
    ),
    (
        "„Ja, es gibt Verzögerungen.“ Das musste Bauministerin Anna Weber zu Beginn der Sitzung einräumen.",
        "direct",
        ["Ja, es gibt Verzögerungen."],
        "Bauministerin Anna Weber",
        "direct/floating",
    ),
    (
        "Die Rede hielt Anna Weber. „Ein kleines Haus zu führen bedeutet zuzuhören“, hieß es in der Rede.",
        "direct",
        ["Ein kleines Haus zu führen bedeutet zuzuhören"],
        "der Rede",
        "direct/inverted",
    ),
    (
        "Der Verband nannte sie „fahrlässig“ und verwies auf Gutachten.",
        "direct",
        ["fahrlässig"],
        "Der Verband",
        "direct/nested",
    ),
    (
        (
            "Das ist die Marke, die Gerhard Kernbach zum eigenen Ziel erklärt hatte: „Wir werden "
            "bis Herbst fertig.“"
        ),
        "direct",
        ["Wir werden bis Herbst fertig."],
        "Gerhard Kernbach",
        "direct/colon",
    ),
    (
        (
            "Bürgermeisterin Anna Weber schrieb:\n\n> Wir bauen den Steg nicht in diesem "
            "Jahr.\n\nDie Opposition war zufrieden."
        ),
        "direct",
        ["Wir bauen den Steg nicht in diesem Jahr."],
        "Bürgermeisterin Anna Weber",
        "direct/block",
    ),
    (
        "Wir bauen den Steg nicht. — Anna Weber (@annaweber) 4. März 2025",
        "direct",
        ["Wir bauen den Steg nicht."],
        "Anna Weber",
        "direct/post",
    ),
    (
        "Der englischen Zeitung sagte Anna Weber: „Wir warten auf die Antwort der Stadt.“",
        "direct",
        ["Wir warten auf die Antwort der Stadt."],
        "Anna Weber",
        "direct/colon",
    ),
    (
        "Anna Weber kritisierte den Plan scharf: „Das ist falsch und teuer“, sagte sie am Montag.",
        "direct",
        ["Das ist falsch und teuer"],
        "sie",
        "direct/inverted",
    ),
    (
        "Anna Weber will „in den kommenden Wochen noch einmal sorgfältig prüfen“.",
        "direct",
        ["in den kommenden Wochen noch einmal sorgfältig prüfen"],
        "Anna Weber",
        "direct/words",
    ),
    (
        "Anna Weber sagte: „Wir warten auf die Antwort.“ und „Wir haben Zeit.“",
        "direct",
        ["Wir haben Zeit."],
        "Anna Weber",
        "direct/carried",
    ),
    (
        "„Das ist wahr“, sagte Anna Weber. „Wir haben gezahlt.\n\n„Jetzt warten wir auf die Antwort.“",
        "direct",
        ["Wir haben gezahlt.", "Jetzt warten wir auf die Antwort."],
        "Anna Weber",
        "direct/carried",
    ),
    (
        "Anna Weber, Leiterin des Amtes, nannte die Entscheidung „kurzsichtig“.",
        "direct",
        ["kurzsichtig"],
        "Anna Weber, Leiterin des Amtes",
        "direct/nested",
    ),
    (
        "Gespräch mit Anna Weber.\nFrage: Was nun?\nWeber: Wir zahlen.\nFrage: Und?\nWeber: Dann warten wir.",
        "direct",
        ["Dann warten wir."],
        "Weber",
        "dialogue/turn",
    ),
    (
        "Das Ministerium teilte mit, es prüfe den Bericht.\nDer Stopp sei ein Fehler, ätzte Weber.",
        "indirect",
        ["Der Stopp sei ein Fehler"],
        "Weber",
        "indirect/mood",
    ),
    (
        "Das Amt teilte mit, es prüfe das.\n\nEin Ergebnis gebe es nicht.\n\nFictional article of the demo.",
        "indirect",
        ["Ein Ergebnis gebe es nicht."],
        "Das Amt",
        "indirect/mood",
    ),
    (
        "„Wir warten nicht“, sagte Anna Weber.",
        "direct",
        ["Wir warten nicht"],
        "Anna Weber",
        "direct/inverted",
    ),
    ("Anna Weber sagte: „Wir warten nicht.“", "direct", ["Wir warten nicht."], "Anna Weber", "direct/colon"),
    ("„Wir warten nicht“, so Anna Weber.", "direct", ["Wir warten nicht"], "Anna Weber", "direct/so"),
    (
        "Weber sagte, dass der Plan scheitern werde.",
        "indirect",
        ["dass der Plan scheitern werde"],
        "Weber",
        "indirect/that",
    ),
    (
        "Weber sagte, der Plan sei gescheitert.",
        "indirect",
        ["der Plan sei gescheitert"],
        "Weber",
        "indirect/bare",
    ),
    (
        "Laut Polizei ist die Brücke gesperrt.",
        "indirect",
        ["ist die Brücke gesperrt"],
        "Polizei",
        "indirect/according-to",
    ),
    (
        "Nach Angaben der Polizei ist die Brücke gesperrt.",
        "indirect",
        ["ist die Brücke gesperrt"],
        "Angaben der Polizei",
        "indirect/by-account",
    ),
    (
        "Die Brücke ist gesperrt, so die Polizei.",
        "indirect",
        ["Die Brücke ist gesperrt"],
        "die Polizei",
        "indirect/so",
    ),
    (
        "Wie die Polizei mitteilte, ist die Brücke gesperrt.",
        "indirect",
        ["ist die Brücke gesperrt"],
        "die Polizei",
        "indirect/as",
    ),
    (
        "Die Regierung kündigte an, die Brücke zu sperren.",
        "indirect",
        ["die Brücke zu sperren"],
        "Die Regierung",
        "indirect/infinitive",
    ),
    (
        "In einer Mitteilung des Hafenamts wird gefordert, dass die Schleuse länger offen bleibt.",
        "indirect",
        ["dass die Schleuse länger offen bleibt"],
        "einer Mitteilung des Hafenamts",
        "indirect/that",
    ),
    (
        "Wie der Leiter der Hafenbehörde, Gerolt Imbach, in Norderhafen mitteilte, bleibt die Schleuse zu.",
        "indirect",
        ["bleibt die Schleuse zu"],
        "der Leiter der Hafenbehörde, Gerolt Imbach",
        "indirect/as",
    ),
    (
        "Eine Verschiebung des Termins bezeichnete Imbach als fatal.",
        "indirect",
        ["Eine Verschiebung des Termins bezeichnete Imbach als fatal."],
        "Imbach",
        "indirect/report",
    ),
    (
        "Die Vorsitzende im Rat, Hedda Lüttke, hatte Imbach gestern aufgefordert, sein Amt niederzulegen.",
        "indirect",
        ["sein Amt niederzulegen"],
        "Die Vorsitzende im Rat, Hedda Lüttke",
        "indirect/infinitive",
    ),
    (
        "Im Juni 2011 hatte die Fischereikommission beschlossen, eine Studie zu erstellen.",
        "indirect",
        ["eine Studie zu erstellen"],
        "die Fischereikommission",
        "indirect/infinitive",
    ),
    (
        "Zudem wurde die Stadt vom Hafenamt aufgefordert, die Schleuse zu öffnen.",
        "indirect",
        ["die Schleuse zu öffnen"],
        "Hafenamt",
        "indirect/infinitive",
    ),
    (
        "Unterdessen haben einige Abgeordnete aus der Koalition angekündigt, sie würden Klage einreichen.",
        "indirect",
        ["sie würden Klage einreichen"],
        "einige Abgeordnete",
        "indirect/bare",
    ),
    (
        "Laut der Agentur Terrano hält es der Präsident für möglich, dass die Bank wächst.",
        "indirect",
        ["dass die Bank wächst"],
        "der Präsident",
        "indirect/that",
    ),
    (
        "Die Liste Aufwärts beschuldigte die Verwaltung der Untätigkeit.",
        "indirect",
        ["Die Liste Aufwärts beschuldigte die Verwaltung der Untätigkeit."],
        "Die Liste Aufwärts",
        "indirect/report",
    ),
    (
        "Weber lehnte den Bau ab, so die Zeitung. Der Zugang ist schmal. Die Schleuse sei zu alt.",
        "indirect",
        ["Die Schleuse sei zu alt."],
        "die Zeitung",
        "indirect/mood",
    ),
    (
        "Hafens Regierender Bürgermeister Klaus Lindner (SPD) bedauerte das. Es seien Fehler gemacht worden.",
        "indirect",
        ["Es seien Fehler gemacht worden."],
        "Hafens Regierender Bürgermeister Klaus Lindner (SPD)",
        "indirect/mood",
    ),
    (
        "Laut einem Bericht der „Terrano Allgemeine Zeitung“ steigt der Umsatz.",
        "indirect",
        ["steigt der Umsatz"],
        "einem Bericht der „Terrano Allgemeine Zeitung“",
        "indirect/according-to",
    ),
    (
        "Weber sagte, der Plan sei gut. Er habe ihn selbst gelesen.",
        "indirect",
        ["Er habe ihn selbst gelesen."],
        "Weber",
        "indirect/mood",
    ),
    (
        "Lüttke sagte, die Stadt brauche die Schleuse, und fügte hinzu: „Wer soll das sonst bezahlen?“",
        "direct",
        ["Wer soll das sonst bezahlen?"],
        "Lüttke",
        "direct/colon",
    ),
    (
        "Lüttke sagte, die Stadt brauche die Schleuse und fügte hinzu: „Wer soll das sonst bezahlen?“",
        "indirect",
        ["die Stadt brauche die Schleuse"],
        "Lüttke",
        "indirect/bare",
    ),
    (
        "„Das ist eine Zahl, die sonst niemand erreicht“, zitiert hafen.example Polizeisprecher Rolf Imbach.",
        "direct",
        ["Das ist eine Zahl, die sonst niemand erreicht"],
        "Polizeisprecher Rolf Imbach",
        "direct/inverted",
    ),
    (
        "Wie Sprecher Tom Imbach mitteilte, ist der Bau nach Auffassung der Bürgermeisterin unverzichtbar.",
        "indirect",
        ["ist der Bau", "unverzichtbar"],
        "Auffassung der Bürgermeisterin",
        "indirect/by-account",
    ),
    (
        "Um 11:09 Uhr MEZ berichtet die Hafenzeitung, dass Rolf Imbach Klage eingereicht hat.",
        "indirect",
        ["dass Rolf Imbach Klage eingereicht hat"],
        "die Hafenzeitung",
        "indirect/that",
    ),
    (
        "Auch lehnte Anna Weber den Vorschlag des Umweltministers Rolf Imbach ab, die Werke zu schließen.",
        "indirect",
        ["die Werke zu schließen"],
        "des Umweltministers Rolf Imbach",
        "indirect/noun",
    ),
    (
        "22 Prozent teilen die Meinung, die Ordnung der Stadt sei nicht zu verteidigen.",
        "indirect",
        ["die Ordnung der Stadt sei nicht zu verteidigen"],
        "22 Prozent",
        "indirect/noun",
    ),
    (
        "Die Fischereiverbände kündigten eine Klage an.",
        "indirect",
        ["Die Fischereiverbände kündigten eine Klage an."],
        "Die Fischereiverbände",
        "indirect/report",
    ),
    (
        "„Wir bleiben“, sagte Weber. Hafenmeister Rolf Imbach lobte das. „Es kommt jetzt zur rechten Zeit.“",
        "direct",
        ["Es kommt jetzt zur rechten Zeit."],
        "Hafenmeister Rolf Imbach",
        "direct/carried",
    ),
]
NOTHING = [
    ("en", "She read “The Long Winter” on the train."),
    ("en", "A spokeswoman for the ministry declined to comment."),
    ("en", "He said nothing: “”."),
    ("en", "The so-called “winter plan” costs a fortune."),
    ("de", "Liveblog: So lief die Ratssitzung\nDer Rat tagte."),
    ("de", "Zinswende: Was Sparer wissen müssen\nDie Bank tagte."),
    ("en", "Q&A: What happens next?\nThe bridge is closed."),
    ("de", "Das Schiff „Anna Weber“ lag im Hafen."),
    ("de", "Die so genannten „Winterpläne“ kosten viel."),
    ("de", "Es sei denn, der Regen lässt nach."),
    ("de", "Er schwieg: „“."),
    ("de", "Dies nennt man einen „Aktiensplit“."),
    ("de", "Der Sturm forderte im Norden 92 Menschenleben."),
    ("de", "Am Abend gingen in der Stadt die Lichter aus."),
    ("de", "Die Maschine heißt im Volksmund auch „Bohne“ genannt."),
    ("de", "„Winterlicht“, so heißt das Projekt der Stadt."),
]


AFAR = (
    "Imbach sagte, die Stadt warte ab. Die Schleuse ist achtzig Jahre alt. Ihr Tor klemmt. "
    "Der Kanal ist flach. Das Wasser steht hoch. Die Anlage sei nicht zu retten."
)


@pytest.fixture(scope="module")
def english(annotator_en: Annotator) -> Find:
    return lambda text: find_quotes(annotator_en.annotate([text])[0], EN)


@pytest.fixture(scope="module")
def german(annotator_de: Annotator) -> Find:
    return lambda text: find_quotes(annotator_de.annotate([text])[0], DE)


def check(find: Find, text: str, kind: str, content: list[str], source: str, rule: str) -> None:
    quotes = find(text)
    found = [quote for quote in quotes if [span.of(text) for span in quote.content] == content]
    assert found, [(quote.rule, [span.of(text) for span in quote.content]) for quote in quotes]
    assert (found[0].type, found[0].rule) == (kind, rule)
    assert [span.of(text) for span in found[0].source] == [source]
    assert 0 < found[0].confidence < 1


@pytest.mark.parametrize(("text", "kind", "content", "source", "rule"), ENGLISH + MORE)
def test_english(english: Find, text: str, kind: str, content: list[str], source: str, rule: str) -> None:
    check(english, text, kind, content, source, rule)


@pytest.mark.parametrize(("text", "kind", "content", "source", "rule"), GERMAN)
def test_german(german: Find, text: str, kind: str, content: list[str], source: str, rule: str) -> None:
    check(german, text, kind, content, source, rule)


def test_reported_words_far_from_any_speaker_are_nobody_s(german: Find) -> None:
    last = german(AFAR)[-1]
    assert (last.rule, last.source) == ("indirect/mood", ())
    assert [span.of(AFAR) for span in last.content] == ["Die Anlage sei nicht zu retten."]


@pytest.mark.parametrize(("code", "text"), NOTHING)
def test_titles_terms_empty_marks_and_silence_are_no_quotes(
    english: Find, german: Find, code: str, text: str
) -> None:
    assert ({"en": english, "de": german}[code])(text) == []


def test_words_in_marks_within_indirect_speech_are_counted_as_the_pack_says(
    german: Find, english: Find
) -> None:
    german_text = "Weber sagte, der Plan sei „völlig aus der Luft gegriffen“ und teuer."
    assert [quote.type for quote in german(german_text)] == ["mixed", "direct"]
    assert [quote.type for quote in english("Weber said the plan was “wholly absurd” and dear.")] == ["mixed"]


def test_a_quote_reopened_in_each_paragraph_is_one(english: Find) -> None:
    text = "“We waited for years,” Weber said. “Nobody came to see us.\n“Now we act on our own.”"
    quotes = english(text)
    assert len(quotes) == 1
    assert quotes[0].content[-1].of(text).startswith("Nobody")
    assert quotes[0].content[-1].of(text).endswith("our own.")


def test_a_text_that_reports_little_needs_more_for_a_quote_without_a_clause(english: Find) -> None:
    plain = "The ferry crossed the bay. "
    plan = "supported the plan to close the harbour"
    text = f"The sailors {plan}. Anna Weber {plan}."
    assert [quote.source[0].of(text) for quote in english(text)] == ["The sailors", "Anna Weber"]
    long = plain * 20 + text
    assert [quote.source[0].of(long) for quote in english(long)] == ["Anna Weber"]
    said = plain * 20 + "Kern said that the bay was wide. “It is deep,” Kern said. " + text
    assert "The sailors" in [quote.source[0].of(said) for quote in english(said)]


def test_sentences_without_a_tree_still_give_direct_quotes(annotator_de: Annotator) -> None:
    text = "„Wir warten nicht“, sagte Anna Weber."
    flat = annotator_de.annotate([text], lambda _, sentences: [False] * len(sentences))[0]
    assert not flat.sentences[0].parsed
    assert [span.of(text) for span in find_quotes(flat, DE)[0].source] == ["Anna Weber"]


# ------------------------------------------------------------------------------ what holds of any text

WORDS = [
    "Weber",
    "sagte",
    "said",
    "dass",
    "that",
    "er",
    "he",
    "sei",
    "laut",
    "according",
    "to",
    "Polizei",
    "police",
    "der",
    "the",
    ",",
    ".",
    ":",
    "“",
    "”",
    "„",
    '"',
    "''",
    "‘",
    "’",
    "«",
    "»",
    "–",
    "(",
    ")",
    "zufolge",
    "so",
    "wie",
    "mitteilte",
    "zu",
    "kommen",
    "refused",
    "claim",
    "Angaben",
    "nach",
    "von",
    "demnach",
    "?",
    "und",
]
UPOS = [
    "VERB",
    "AUX",
    "NOUN",
    "PROPN",
    "PRON",
    "DET",
    "ADP",
    "PUNCT",
    "SCONJ",
    "CCONJ",
    "ADV",
    "PART",
    "ADJ",
    "NUM",
]
RELATIONS = [
    "nsubj",
    "ccomp",
    "root",
    "conj",
    "advcl",
    "acl",
    "obj",
    "obl",
    "case",
    "aux",
    "aux:pass",
    "parataxis",
    "nmod",
    "xcomp",
    "punct",
    "compound:prt",
    "nsubj:pass",
]


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """Any words with any tags and any heads, cycles included, over lines."""
    words = draw(st.lists(st.sampled_from([*WORDS, "\n"]), min_size=1, max_size=40))
    text, places = "", []
    for word in words:
        if word == "\n":
            text += "\n"
            continue
        gap = "" if draw(st.booleans()) and text else " "
        text += gap
        places.append((Span(len(text), len(text) + len(word)), word))
        text += word
    sentences, rest = [], places
    while rest:
        size = draw(st.integers(1, len(rest)))
        chunk, rest = rest[:size], rest[size:]
        parsed = draw(st.booleans())
        tokens = tuple(
            Token(
                span,
                word,
                word.lower(),
                draw(st.sampled_from(UPOS)),
                {
                    "VerbForm": draw(st.sampled_from(["Fin", "Inf", "Part"])),
                    "Tense": draw(st.sampled_from(["Pres", "Past"])),
                },
                draw(st.integers(-1, size - 1)) if parsed else -1,
                draw(st.sampled_from(RELATIONS)) if parsed else "",
            )
            for span, word in chunk
        )
        sentences.append(Sentence(Span(tokens[0].span.start, tokens[-1].span.end), tokens, parsed))
    mentions = tuple(Mention(span, "person") for span, word in places if word == "Weber")
    return Annotation(text, "de", tuple(sentences), mentions)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(annotations(), st.sampled_from([DE, EN]))
def test_of_any_annotation_quotes_are_sound(annotation: Annotation, pack: languages.Pack) -> None:
    quotes = find_quotes(replace(annotation, language=pack.code), pack)
    text = annotation.text
    for quote in quotes:
        spans = [*quote.content, *quote.cue, *quote.source]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert not any(cue.overlaps(content) for cue in quote.cue for content in quote.content)
        assert list(quote.content) == sorted(quote.content)
        assert not any(a.overlaps(b) for a, b in pairwise(quote.content))
        assert any(character.isalnum() for span in quote.content for character in span.of(text))
        assert 0 <= quote.confidence <= 1
        assert quote.speaker is None
        assert quote.affiliation is None
    starts = [(quote.content[0].start, -quote.content[-1].end) for quote in quotes]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "“",
        "„“",
        "'",
        "Q: Why?\nA: No.\nQ: Why?\nA: No.",
        "x" * 50_000,
        "“" * 2_000,
        "said " * 3_000,
    ],
)
def test_odd_texts_are_read(text: str, english: Find) -> None:
    assert isinstance(english(text), list)


def test_an_opening_mark_in_place_of_a_closing_one_costs_no_more_than_its_quote(german: Find) -> None:
    found = german("Wir warten seit Jahren„, sagte Weber am Montag.\n„Wir gehen jetzt“, sagte Anna Roth.")
    assert any(quote.content[0].start == 49 for quote in found)


def test_a_verb_that_the_tagger_took_for_a_noun_is_one_where_a_clause_follows() -> None:
    text = "Tove Reetbach notes that it rains."
    tags = [
        ("PROPN", 1, "compound", {}),
        ("PROPN", 2, "compound", {}),
        ("NOUN", -1, "root", {}),
        ("SCONJ", 5, "mark", {}),
        ("PRON", 5, "nsubj", {}),
        ("VERB", 2, "acl", {"VerbForm": "Fin", "Tense": "Pres"}),
        ("PUNCT", 2, "punct", {}),
    ]
    (quote,) = find_quotes(parsed(text, tags), EN)
    assert [span.of(text) for span in quote.content] == ["that it rains"]
    assert [span.of(text) for span in quote.source] == ["Tove Reetbach"]


def parsed(text: str, tree: Sequence[tuple[str, int, str, dict[str, str]]]) -> Annotation:
    """A sentence of words between spaces, its full stop apart; of each its tag, head, relation, features."""
    words, at = [], 0
    for word, (upos, head, deprel, feats) in zip([*text[:-1].split(), "."], tree, strict=True):
        at = text.index(word, at)
        words.append(Token(Span(at, at + len(word)), word, word.lower(), upos, feats, head, deprel))
        at += len(word)
    return Annotation(text, "en", (Sentence(Span(0, len(text)), tuple(words), True),))


HAS = {"VerbForm": "Fin", "Tense": "Pres"}


@pytest.mark.parametrize(
    "tree",
    [
        ["nsubj 2", "flat 0", "root -1", "obj 2", "case 6", "det 6", "nmod 3", "mark 8", "acl 6", "obj 8"],
        ["nsubj 3", "flat 0", "aux 3", "root -1", "case 6", "det 6", "nmod 3", "mark 8", "acl 6", "obj 8"],
    ],
)
def test_a_noun_has_no_auxiliary_but_is_the_object_of_its_verb(tree: list[str]) -> None:
    text = "Tove Reetbach has doubts about the plan to close harbours."
    tags = ["PROPN", "PROPN", "AUX", "NOUN", "ADP", "DET", "NOUN", "PART", "VERB", "NOUN", "PUNCT"]
    arcs = [(one.split()[0], int(one.split()[1])) for one in [*tree, "punct 2"]]
    rows = [
        (tag, head, relation, HAS if tag == "AUX" else {})
        for tag, (relation, head) in zip(tags, arcs, strict=True)
    ]
    annotation = parsed(text, rows)
    (sentence,) = annotation.sentences
    lemmas = {"has": "have", "doubts": "doubt"}
    tokens = tuple(replace(one, lemma=lemmas.get(one.text, one.lemma)) for one in sentence.tokens)
    mentions = (Mention(Span(0, 13), "person"),)
    (quote,) = find_quotes(
        replace(annotation, sentences=(replace(sentence, tokens=tokens),), mentions=mentions), EN
    )
    assert quote.rule == "indirect/utterance"
    assert [span.of(text) for span in quote.content] == ["the plan to close harbours"]
    assert [span.of(text) for span in quote.source] == ["Tove Reetbach"]


def test_a_quotation_behind_reported_speech_is_of_the_same_speaker(german: Find) -> None:
    found = german(
        "„Das ist gut“, sagte Lea Brandt.\nUwe Tiedtke wies die Vorwürfe zurück: Die Mittel seien nicht "
        "verfallen, sondern „ordnungsgemäß umgewidmet“ worden. „Ich habe nichts zu verbergen.“"
    )
    assert [(one.rule, len(one.source)) for one in found][-1] == ("direct/carried", 1)
    assert found[-1].source == found[1].source


def test_a_quotation_closed_at_its_lines_end_may_be_somebody_elses(english: Find) -> None:
    text = (
        "Anna Weber was blunt. “It is late. We wait for the ferry.”\n“The harbour is closed,” said Tom Lund."
    )
    found = [
        (one.content[0].of(text), [span.of(text) for span in one.source])
        for one in english(text)
        if one.type == "direct"
    ]
    assert found == [
        ("It is late. We wait for the ferry.", ["Anna Weber"]),
        ("The harbour is closed", ["Tom Lund"]),
    ]
