"""The words around an article on a demo site, per language: menus, boxes, counters, months. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Furniture:
    """One language's set; `menu` begins with the section that articles stand in."""

    home: str
    menu: tuple[str, ...]
    latest: str
    similar: str
    also: str
    share: str
    follow: str
    subscribe: str
    subscribed: str
    promise: str
    comments: str
    views: str
    print: str
    author: str
    listen: str
    all: str
    cookies: str
    rights: str


MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"),
    "be": (
        "студзеня",
        "лютага",
        "сакавіка",
        "красавіка",
        "мая",
        "чэрвеня",
        "ліпеня",
        "жніўня",
        "верасня",
        "кастрычніка",
        "лістапада",
        "снежня",
    ),
}

WORDS = {
    "en": Furniture(
        home="Home",
        menu=("Policy", "Economy", "Society", "Sport"),
        latest="Latest news",
        similar="Similar articles",
        also="Read next",
        share="Share this page",
        follow="Follow us",
        subscribe="Get our newsletter",
        subscribed="Thank you, your subscription is active.",
        promise="A short letter each week on what happened in the region, in three languages. You can leave at any time.",
        comments="Leave a comment",
        views="Views",
        print="Print version",
        author="By",
        listen="Listen to the programme",
        all="See all",
        cookies="This demo site uses cookies to remember that you have seen this banner.",
        rights="All rights reserved. This site is invented for a demonstration.",
    ),
    "ru": Furniture(
        home="Главная",
        menu=("Политика", "Экономика", "Общество", "Спорт"),
        latest="Последние новости",
        similar="Похожие материалы",
        also="Читайте также",
        share="Поделиться",
        follow="Подписывайтесь на нас",
        subscribe="Подпишитесь на рассылку",
        subscribed="Спасибо, подписка оформлена.",
        promise="Короткое письмо раз в неделю о событиях в регионе, на трёх языках. Отписаться можно в любой момент.",
        comments="Комментарии",
        views="Просмотров",
        print="Версия для печати",
        author="Автор:",
        listen="Слушать выпуск",
        all="Все материалы",
        cookies="Этот демонстрационный сайт использует файлы cookie, чтобы запомнить, что вы видели этот баннер.",
        rights="Все права защищены. Сайт вымышлен для демонстрации.",
    ),
    "be": Furniture(
        home="Галоўная",
        menu=("Палітыка", "Эканоміка", "Грамадства", "Спорт"),
        latest="Апошнія навіны",
        similar="Падобныя артыкулы",
        also="Чытайце таксама",
        share="Падзяліцца",
        follow="Сачыце за намі",
        subscribe="Падпішыцеся на рассылку",
        subscribed="Дзякуй, падпіска аформлена.",
        promise="Кароткі ліст раз на тыдзень пра падзеі ў рэгіёне на трох мовах. Адпісацца можна ў любы момант.",
        comments="Каментары",
        views="Праглядаў",
        print="Версія для друку",
        author="Аўтар:",
        listen="Слухаць выпуск",
        all="Усе матэрыялы",
        cookies="Гэты дэманстрацыйны сайт выкарыстоўвае файлы cookie, каб запомніць, што вы бачылі гэты банер.",
        rights="Усе правы абаронены. Сайт прыдуманы для дэманстрацыі.",
    ),
}
