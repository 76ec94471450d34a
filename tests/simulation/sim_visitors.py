"""What readers do at the site, by the site's own code: they ask, open the link that came by mail, choose, complain."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from types import SimpleNamespace
from typing import Any

import monitor.web.opt_in
import monitor.web.preferences
from monitor.delivery.confirmation import Answer, Standing, asked_at, standing_of
from monitor.delivery.suppression import address_mac
from monitor.delivery.tokens import Purpose, read_token
from monitor.model.consent import Consent, ConsentAct, Suppression
from monitor.model.delivery import Subscribed, Subscription
from monitor.web.people import refused

_LINK = re.compile(r"/c/([\w-]+)")
LANGUAGES = ("en", "be")
ANYBODY = SimpleNamespace(labels=lambda *_: SimpleNamespace(inc=lambda: None))


class PlainTemplates:
    """The mail of a form without its layout: what counts here is its link."""

    def render(self, _name: str, *, url: str, **_words: Any) -> str:
        return f"{url}\n"


class Visitors:
    """Doings of readers; mixed into the scene's people."""

    scene: Any
    world: Any
    names: list[str]

    def _site(self) -> Any:
        scene = self.scene
        metrics = SimpleNamespace(unsubscribes=ANYBODY)
        site = SimpleNamespace(store=scene.store, sender=scene.sender, clock=self.world.clock, metrics=metrics)
        return SimpleNamespace(site=site, templates=PlainTemplates())

    def _seen(self, act: ConsentAct) -> Consent:
        return Consent(act, self.world.clock(), "192.0.2.0/24", "a browser", "words/en")

    def come(self) -> None:
        """A form is sent; what answers it goes through the outbox, and the link in it may be opened later."""
        name, oracle = self._somebody(), self.scene.oracle
        digest = self.world.chance.choice(self.scene.plan.digests)
        asking = monitor.web.opt_in.Asking(digest, name, name, "en", self._seen(ConsentAct.ASKED))
        answer = monitor.web.opt_in._answer(self._site(), asking)
        self.world.say(f"page: {name} to {digest.id}: {answer.value}")
        oracle.look()
        if answer is not Answer.NOTHING and oracle.is_barred(name, digest.id):
            oracle.fail("unwanted", f"a form wrote to {name}, who must not get {digest.id}")
        if answer is not Answer.NOTHING:
            self.scene._wake_senders()

    def confirm(self) -> None:
        """A link that came by mail is opened, and its button pressed; old ones, and those of others who left, as well."""
        mails = [taken for taken in self.scene.relay.taken if b"/c/" in taken.content]
        if not mails:
            return
        mail = self.world.chance.choice(mails)
        token = _LINK.search(_text(mail.content)).group(1)
        claim = read_token(self.scene.sender.secrets, Purpose.CONFIRM, token)
        one = self.store.subscription(claim.subscription)
        if one is None or one.canonical != mail.recipient:
            return  # erased since, or of before a backup was put back
        asked = asked_at(one, self.store.consents([one.id]))
        where = standing_of(one, asked, refused(self._site().site, one.canonical, one.digest), self.world.clock())
        if where is Standing.OPEN and self.world.clock() - asked > timedelta(days=7):
            self.scene.oracle.fail("came back", f"a link of {asked} still opens {one.digest} for {one.canonical}")
        if where is not Standing.OPEN:
            return
        change = replace(one, state=Subscribed.ACTIVE, changed_at=self.world.clock(), how="confirmed")
        if self.store.move_subscription(change, (Subscribed.WAITING,), self._seen(ConsentAct.CONFIRMED)):
            self.scene.oracle.left.discard(one.id)
            self.world.say(f"{one.canonical} confirmed {one.digest}")

    def complain(self) -> None:
        """Somebody calls one digest spam: that one, and no other."""
        name, digest, oracle = self._somebody(), self._digest(), self.scene.oracle
        others = {one.id: one.state for one in self.store.subscriptions(canonical=name) if one.digest != digest}
        self.store.suppress(Suppression(address_mac(self.scene.key, name), digest, "complaint", self.world.clock()), name)
        oracle.bar(name, digest)
        for one in self.store.subscriptions(canonical=name):
            if one.digest == digest:
                self._gone(one.id)
            elif one.state is not others[one.id]:
                oracle.fail("wish", f"{name} complained of {digest}, and {one.digest} is {one.state} now")
        self.world.say(f"{name} complained of {digest}")
        if self.world.chance.random() < 0.5:
            self._choose(name)  # the page says where other digests are to be had

    def choose(self) -> None:
        """The page of preferences: which digests, and in which language."""
        self._choose(self._somebody())

    def _choose(self, name: str) -> None:
        oracle = self.scene.oracle
        mine = {one.digest: one for one in self.store.subscriptions(canonical=name)}
        owner = next(iter(mine.values()), None)
        if owner is None:
            return
        request = SimpleNamespace(app=SimpleNamespace(state=self._site()))
        for digest in self.scene.plan.digests:
            shut = refused(self._site().site, name, digest.id)
            if shut != oracle.is_barred(name, digest.id):
                oracle.fail("wish", f"{digest.id} is {'shut' if shut else 'open'} to {name}, who should find it otherwise")
            standing = mine.get(digest.id)
            if shut or (standing and standing.state is Subscribed.WAITING):
                continue
            on, language = self.world.chance.random() < 0.8, self.world.chance.choice(LANGUAGES)
            fields = {f"on.{digest.id}": "1" if on else "", f"language.{digest.id}": language}
            choice = SimpleNamespace(digest=digest, language=language, shut=False)
            form = SimpleNamespace(get=fields.get)
            if standing and not on:
                self._gone(standing.id)
            monitor.web.preferences._apply(request, owner, choice, standing, form, self._seen(ConsentAct.CHANGED))
            self._judge_choice(name, digest.id, on, language)

    def _judge_choice(self, name: str, digest: str, on: bool, language: str) -> None:
        oracle, one = self.scene.oracle, self._subscription(name, digest)
        is_as_wished = one and one.state is Subscribed.ACTIVE and one.language == language if on else self._is_out(one)
        if not is_as_wished:
            oracle.fail("wish", f"{name} wished {digest} {f'in {language}' if on else 'no more'}: {one}")
        if one:
            (oracle.left.discard if on else oracle.left.add)(one.id)
        self.world.say(f"{name} chose {digest}: {language if on else 'no'}")

    @staticmethod
    def _is_out(one: Subscription | None) -> bool:
        return one is None or one.state is not Subscribed.ACTIVE


def _text(content: bytes) -> str:
    """The text of a mail."""
    parts = message_from_bytes(content).walk()
    return "".join(part.get_payload(decode=True).decode() for part in parts if part.get_content_type() == "text/plain")
