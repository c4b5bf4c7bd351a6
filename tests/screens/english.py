"""The English story: Olive Harbour, which is on no map."""

from __future__ import annotations

from tests.screens.world import Piece, World

ENGLISH = World(
    language="en",
    zone="Europe/London",
    person="Sara",
    outlets=(
        ("The Lighthouse", "lighthouse.example", "GB"),
        ("Plain News Network", "plain-news.example", "GB"),
        ("Bridge Radio", "bridge-radio.example", "IE"),
    ),
    archive=(
        Piece(2, 1, "Mild weather until the weekend, light rain on the coast",
              "The weather office expects mild weather in most places until the weekend, with light rain at night."),
        Piece(3, 0, "Work on Olive Harbour ends two months early",
              "The managers of Olive Harbour said the works ended two months early and the new quay is ready."),
        Piece(9, 1, "Olive Harbour publishes its summer timetable",
              "Summer trips from Olive Harbour to the islands nearby begin on the first of June."),
        Piece(14, 2, "Olive Harbour fishers ask for a quay of their own",
              "Fishers of Olive Harbour met the mayor and asked for a quay of their own."),
        Piece(20, 1, "Busy days for containers at Olive Harbour",
              "Olive Harbour has seen many containers since the month began."),
        Piece(28, 0, "Fast train to reach Almond Valley in autumn",
              "The railways said the fast train would reach Almond Valley next autumn."),
        Piece(33, 0, "Fire crews train together at Olive Harbour",
              "Fire crews of four towns held an exercise at Olive Harbour."),
        Piece(40, 2, "Old photographs on show at Olive Harbour",
              "The old customs house of Olive Harbour shows photographs of the town a hundred years ago."),
        Piece(52, 1, "Greengrocers: Olive Harbour has halved the cost of shipping",
              "Traders said Olive Harbour had halved the cost of shipping."),
        Piece(61, 0, "Transport minister visits Olive Harbour",
              "The transport minister visited Olive Harbour and saw the new quay."),
        Piece(77, 1, "Engineering students learn at Olive Harbour",
              "Sixty students have begun their practical training at Olive Harbour."),
        Piece(90, 2, "Free concert on the quay of Olive Harbour",
              "The town gives a free concert on the quay of Olive Harbour on Friday evening."),
        Piece(104, 0, "Olive Harbour prepares for the citrus season",
              "Olive Harbour prepares for the citrus season with new cold stores."),
        Piece(121, 1, "Study: Olive Harbour to bring two thousand jobs",
              "A study expects Olive Harbour to bring two thousand jobs within three years."),
        Piece(150, 0, "A talk with the oldest worker of Olive Harbour",
              "He has worked at Olive Harbour for fifty years and tells how everything changed."),
        Piece(300, 2, "The story of Olive Harbour in a new book",
              "A new book tells the story of Olive Harbour since it was built."),
    ),
    watches=("\"fast train\" AND \"Almond Valley\"", "bridge OR tunnel", "~wheat prices"),
    mistyped="ball AND (basket OR foot",
    tried="Olive Harbour",
    alert=Piece(
        0.05, 0, "First passenger ship in two years reaches Olive Harbour",
        "Olive Harbour welcomed the first passenger ship in two years this morning, with 340 travellers on board. Its "
        "manager said there would be two trips a week, and that fares would be announced on Sunday. Olive Harbour had "
        "been closed to passengers while it was enlarged.",
    ),
    unwanted=Piece(
        0.02, 2, "Olive Harbour win the basketball cup",
        "Olive Harbour won the basketball cup after an exciting match that ended with a margin of one point.",
    ),
    left_out="basketball",
    missed=Piece(1, 1, "Fast train held up by snow", "The fast train was two hours late because of snow in the hills."),
    evening=(
        Piece(0.5, 1, "Olive Harbour: travellers praise quick checks",
              "Travellers who came to Olive Harbour said the checks took no more than ten minutes."),
        Piece(0.4, 0, "Palm bridge to close at night for repairs",
              "The palm bridge closes for three nights from Sunday for repairs."),
        Piece(0.2, 2, "Wheat prices fall for a third week", "Wheat prices fell for the third week in a row."),
    ),
    searched="harbour AND (ship OR trips OR shipping OR quay)",
    channel="Harbour News",
    found="Valley Today",
    news=("Public library opens in Almond Valley", "Almond festival begins tomorrow", "Electric buses for students"),
    tip="Rasid rests on Saturday from two to three in the morning for repairs. No alert will be lost.",
)  # fmt: skip
