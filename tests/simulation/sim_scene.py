"""One scene of the simulation: a seed chooses the weather, the people, the hours and the accidents; the real program plays in it.

Real are the scheduler's look for due editions, `pipeline.publish` (but for composing and printing, which no promise here is about), the
outbox, the worker, the SMTP client, subscriptions and suppression, backup and restore, on SQLite in a file. The clock, the relay, the
people and the moment of each death are the simulation's.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

from sim_desk import Decided, Editors, bare_edition, judge_frozen
from sim_lanes import Lanes, threads_of
from sim_oracle import Oracle
from sim_relay import CALM, Relay, Weather, dialled
from sim_visitors import Visitors
from sim_world import Killed, Process, World, utc

import monitor.delivery.smtp
import monitor.desk
import monitor.pipeline
import monitor.scheduler
import monitor.web.opt_in
import monitor.web.preferences
import monitor.worker
from monitor import bootstrap, publishing
from monitor.delivery.smtp import Relay as RelayAddress
from monitor.delivery.smtp import SmtpMailer
from monitor.delivery.suppression import address_mac
from monitor.digests.due import Due, due_moment
from monitor.heart import BEAT_S, Heart
from monitor.metrics import Metrics
from monitor.model.consent import Suppression
from monitor.model.delivery import OutboxState, SendingState, Subscribed, Subscription
from monitor.model.desk import DraftState
from monitor.model.digest import CatchUp, Digest, Review, Schedule
from monitor.model.edition import UNSUBSCRIBE_TOKEN, Edition, FrozenEdition, Rendition
from monitor.model.errors import MonitorError, StoreBusy
from monitor.model.pace import Pace
from monitor.parts import Parts
from monitor.scheduler import STARTED, Bench
from monitor.settings import Settings
from monitor.store.backup import SENDING_PAUSED, restore
from monitor.store.mail_promises import SENDER as SENDER_BEAT
from monitor.store.open import open_store
from monitor.testing import SENDER
from monitor.worker import Delivery, Rates, deliver

ZONES = ("Europe/Minsk", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
STARTS = (utc(2019, 3, 4), utc(2019, 3, 20), utc(2019, 10, 18), utc(2019, 3, 2), utc(2011, 12, 20), utc(2026, 6, 1))
"""Ordinary weeks, and those in which clocks change in one zone or another, or a day is left out."""
LIMITED = "y.test"
KEY = b"the key of the suppression list."
WRITES = {
    "claim", "mark_sent", "mark", "release", "give_back", "freeze_edition", "freeze_revision", "settle_sending", "pause_sending",
    "resume_sending", "retry", "abort", "save_draft", "set_setting", "enqueue", "release_silent",
}  # fmt: skip
MOST_STEPS = 60_000
OPEN = (OutboxState.PENDING, OutboxState.CLAIMED, OutboxState.DEFERRED, OutboxState.UNKNOWN)


@dataclass(frozen=True)
class Plan:
    """What the seed chose. Each accident is off in many scenes, so that the others show by themselves."""

    people: int
    weeks: int
    processes: int
    digests: tuple[Digest, ...]
    start: datetime
    weather: Weather
    kill_rate: float
    busy_rate: float
    events: float
    """Hours between two doings of a person or the operator, on average."""
    jumps: bool
    restores: bool
    hold: bool
    heart: bool
    connections: int
    limited: bool
    """One domain has a limit, and so one connection at a time."""
    batch: int
    pipelining: bool


def plan_of(world_chance: Any) -> Plan:
    """Draw a plan; the order of the draws is part of what a seed means."""
    chance = world_chance

    def maybe(*rates: float) -> float:
        return chance.choice((0.0, 0.0, *rates))

    weather = Weather(
        refused=maybe(0.05, 0.3),
        soft=maybe(0.05, 0.3),
        hard=maybe(0.02, 0.1),
        policy=maybe(0.02),
        closing=maybe(0.02, 0.1),
        cut=maybe(0.01, 0.05),
        deaf=maybe(0.05, 0.3),
        mute=maybe(0.05),
        slow=maybe(0.02, 0.2),
        sender=maybe(0.01),
    )
    digests = tuple(digest_of(chance, name) for name in ("weekly", "daily")[: chance.choice((1, 2))])
    return Plan(
        people=chance.randint(2, 9),
        weeks=chance.randint(1, 3),
        processes=chance.choice((1, 1, 2)),
        digests=digests,
        start=chance.choice(STARTS) + timedelta(hours=chance.randint(0, 200)),
        weather=weather,
        kill_rate=maybe(0.003, 0.02),
        busy_rate=maybe(0.01),
        events=chance.choice((6.0, 24.0, 48.0)),
        jumps=chance.random() < 0.3,
        restores=chance.random() < 0.15,
        hold=chance.random() < 0.2,
        heart=chance.random() < 0.5,
        connections=chance.choice((1, 1, 2, 3)),
        limited=chance.random() < 0.4,
        batch=chance.choice((1, 2, 4, 40)),
        pipelining=chance.random() < 0.5,
    )


def digest_of(chance: Any, name: str) -> Digest:
    zone = chance.choice(ZONES)
    at = time(*chance.choice(((8, 0), (2, 30), (0, 0), (23, 59))))
    schedule = Schedule(chance.randrange(7), at, zone, chance.choice((CatchUp.LATEST, CatchUp.ALL, CatchUp.SKIP)))
    review = chance.choice((Review.NONE, Review.NONE, Review.REQUIRED, Review.UNTIL))
    wait = timedelta(hours=chance.choice((2, 30)))
    return Digest(name, {"en": f"The {name}"}, ("en", "be"), schedule, (), review=review, review_for=wait)


class Gate:
    """The store as a process sees it: a turn before each transaction, and one between its commit and whoever waits for it."""

    def __init__(self, scene: Scene, process: Process):
        self._scene = scene
        self._process = process
        self._store = scene.store

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._store, name)
        if not callable(attribute):
            return attribute
        return lambda *arguments, **named: self._call(name, attribute, arguments, named)

    def _call(self, name: str, attribute: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        scene, process = self._scene, self._process
        process.must_live()
        if name not in WRITES:
            return attribute(*arguments, **named)
        scene.world.step(f"{process.name} {name} {brief(arguments)}")
        process.must_live()
        if scene.world.often(scene.busy_rate):
            scene.world.say(f"the database is busy for {process.name}")
            if name == "mark_sent":
                scene.oracle.unrecorded(process, arguments[0], "the database was away")
            raise StoreBusy("simulated")
        result = attribute(*arguments, **named)
        if not result and name in {"claim", "settle_sending", "release"}:
            return result  # nothing was written, so that nothing lies between before and after
        scene.saw(process, name, arguments, result)
        scene.world.step(f"{process.name} {name}: done")
        process.must_live()
        return result


def brief(arguments: tuple[Any, ...]) -> str:
    return " ".join(str(one)[:40] for one in arguments if isinstance(one, int | str | OutboxState))


class Pulse(Heart):
    """The real heart, beaten by an actor of the simulation instead of a thread."""

    def __init__(self, scene: Scene, process: Process, store: Any, owner: str):
        super().__init__(lambda: store.heartbeat(SENDER_BEAT + owner, scene.world.clock()), clock=scene.world.monotonic)
        self._scene, self._process = scene, process
        self._passes = 0

    def __enter__(self) -> Self:
        self._passes += 1
        self.beat()
        self._scene.world.enter(
            f"{self._process.name}/heart",
            lambda mine=self._passes: self._go_on_beating(mine),
            self._process,
            self._scene.world.mono + BEAT_S,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._passes += 1

    def _go_on_beating(self, mine: int) -> None:
        while self._passes == mine:
            self.beat()
            self._scene.world.sleep(BEAT_S)


class Scene:
    """Set up, play, settle, judge. `folder` is its own and empty; `blank` is a migrated database to begin with."""

    def __init__(self, seed: int, folder: Path, blank: Path):
        self.world = World(seed, STARTS[0])
        self.plan = plan_of(self.world.chance)
        self.world.wall = self.plan.start
        self.folder = folder
        self.database = folder / "monitor.db"
        shutil.copyfile(blank, self.database)
        self.busy_rate = 0.0
        self.relay = Relay(self.world, pipelining=self.plan.pipelining)
        self.oracle = Oracle(self.world, self.plan.digests)
        self.key = KEY
        self.sender = replace(SENDER, suppression_key=KEY)
        self.relay.alone = frozenset({LIMITED} if self.plan.limited else ())
        self.relay.crowded = lambda words: self.oracle.fail("crowded", words)
        self.oracle.mac_of = lambda name: address_mac(KEY, name)
        self.oracle.drafts = lambda: self.store.drafts()
        self.oracle.refusals = self.relay.refused
        self.oracle.gone = set()
        self.processes: list[Process] = []
        self.started = 0
        self.backups: list[Path] = []
        self.over = self.no_more_editions = False
        self.read: dict[int, str] = {}
        """Who was active when the edition being frozen looked for its readers, and the language; who came later is not missed."""
        self.settling_since = self.world.clock()
        self.held = False
        """The operator holds up something: what is pending stays so."""
        self.make_mailer: Callable[[Scene, Process], Any] = lambda scene, process: SmtpMailer(
            RelayAddress("relay.test", 25), monotonic=scene.world.monotonic
        )
        self.make_store: Callable[[Scene, Process], Any] = Gate
        self._open()

    def _open(self) -> None:
        self.store = open_store(f"sqlite:///{self.database}")
        self.oracle.open(str(self.database))

    @property
    def parts(self) -> Parts:
        """What the desk works with: no process of the service."""
        return self._parts_on(self.store)

    def close(self) -> None:
        self.oracle.close()
        self.store.close()

    # --- what happened -----------------------------------------------------------------------------------------------

    def saw(self, process: Process, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        """A process committed something."""
        if name == "claim":
            self.oracle.claimed(process, result)
        elif name == "mark_sent":
            self.oracle.recorded(process, arguments[0])
        elif name in {"freeze_edition", "freeze_revision"} and result:
            edition, messages = arguments
            active = {
                one.id
                for one in self.store.subscriptions(digest=edition.digest, states=(Subscribed.ACTIVE,))
                if one.id in self.read
            }
            self.oracle.frozen(edition.id, tuple(messages), active, self.read)
            [digest] = [one for one in self.plan.digests if one.id == edition.digest]
            # a clock that was set back in between makes it early by its own reckoning
            now = self.world.clock() + timedelta(hours=3 if self.plan.jumps else 0)
            judge_frozen(self.oracle, digest, edition, self.store.draft(edition.id), now)
            self.oracle.look_at_editions()
            self._wake_senders()
        if name not in {"save_draft", "set_setting"}:
            self.oracle.look()

    def _wake_senders(self) -> None:
        """There is something to send: nobody sleeps for a day now."""
        chance = self.world.chance
        delay, together = chance.uniform(15, 900), chance.random() < 0.5
        for actor in self.world.actors:
            if actor.name.endswith("/sender"):
                late = 0.0 if together else chance.uniform(0, 900)
                actor.wake = min(actor.wake, self.world.mono + delay + late)

    # --- processes ---------------------------------------------------------------------------------------------------

    def start(self) -> Process:
        """A service with its ticks; its claims are signed as the real one signs them."""
        self.started += 1
        process = Process(self.started, f"P{self.started}")
        self.processes.append(process)
        store = self.make_store(self, process)
        bench = Bench(self._parts_on(store), SETTINGS, METRICS, self.folder)
        self.world.enter(f"{process.name}/publisher", lambda: self._publisher(process, bench), process)
        self.world.enter(f"{process.name}/sender", lambda: self._sender(process, store), process)
        return process

    def _parts_on(self, store: Any) -> Parts:
        digests = self.plan.digests
        files = SimpleNamespace(digests=digests, digest=lambda name: next(one for one in digests if one.id == name))
        return Parts(
            files=files, store=store, fetcher=None, compute=None, clock=self.world.clock, policy=None, sender=self.sender
        )

    def owner(self, process: Process) -> str:
        return f"{socket.gethostname()}/{process.number}/born{process.number}"

    def born(self, number: int) -> str:
        """When a process started, as the host would say: "" where it is gone."""
        found = [process for process in self.processes if process.number == number and process.alive]
        return f"born{number}" if found else ""

    def _tick(self, process: Process, tick: Callable[[], None]) -> None:
        """As the service's ticker: what fails is tried again at the next tick."""
        try:
            tick()
        except MonitorError as error:
            self.world.say(f"{process.name}: {type(error).__name__}: {error}")

    def _publisher(self, process: Process, bench: Bench) -> None:
        while not (self.over or self.no_more_editions):
            self._tick(process, lambda: monitor.scheduler.publish_due(bench))
            self.world.sleep(self.world.chance.uniform(2 * 3600, 20 * 3600))

    def _sender(self, process: Process, store: Any) -> None:
        self._tick(process, lambda: monitor.worker.release_dead(store))
        heart = Pulse(self, process, store, self.owner(process)) if self.plan.heart else None
        while not self.over:
            if not store.setting(SENDING_PAUSED):
                self._tick(process, lambda: self._pass(process, store, heart))
            self.world.sleep(self._pause())

    def _pause(self) -> float:
        """Ticks are rarer than in the service, rarest where nothing can be done, so that weeks pass quickly."""
        counts, chance = self.store.outbox_counts(), self.world.chance
        stuck = self.held or self.world.mono < self.relay.down_until
        if counts[OutboxState.PENDING] and not stuck and chance.random() < 0.5:
            return chance.uniform(15, 900)
        if not stuck and any(counts[state] for state in OPEN[:3]):
            return chance.uniform(900, 7200)
        return chance.uniform(6 * 3600, 30 * 3600)

    def _pass(self, process: Process, store: Any, heart: Heart | None) -> None:
        report = deliver(
            Delivery(
                store=store,
                mailer=self.make_mailer(self, process),
                more_mailers=tuple(self.make_mailer(self, process) for _ in range(1, self.plan.connections)),
                rates=Rates(self.world.clock, Pace(5.0, 20.0), {LIMITED: Pace(1.0, 3.0)}) if self.plan.limited else None,
                clock=self.world.clock,
                owner=self.owner(process),
                hold_ambiguous=self.plan.hold,
                sleep=self.world.sleep,
                jitter=self.world.chance.random,
                heart=heart,
            )
        )
        if report.counts or report.stopped:
            self.world.say(f"{process.name} passed: {dict(report.counts)} {report.stopped}")

    # --- the play ----------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Everything, up to the judgement."""
        self.store.set_setting(STARTED, self.world.clock().isoformat())
        self.world.on_kill = self._killed
        self.relay.on_taken = self.oracle.taken
        self.relay.weather = self.plan.weather
        people = People(self)
        people.gather()
        self.world.kill_rate, self.busy_rate = self.plan.kill_rate, self.plan.busy_rate
        end = self.plan.start + timedelta(weeks=self.plan.weeks)
        for _ in range(self.plan.processes):
            self.start()
        self.world.enter("life", lambda: people.live())
        self.world.run(lambda: self.world.mono > (end - self.plan.start).total_seconds(), MOST_STEPS)
        self._settle(people)
        self.oracle.look_back()
        self._judge_schedule()

    def _killed(self, process: Process) -> None:
        """An init system starts another one, at once or after a while."""
        self.oracle.killed(process)
        delay = self.world.chance.choice((0.5, 5.0, 60.0, 3600.0)) * self.world.chance.random()
        self.world.enter("init", self._start_missing, wake=self.world.mono + delay)

    def _start_missing(self) -> None:
        while sum(process.alive for process in self.processes) < self.plan.processes:
            self.start()

    def _settle(self, people: People) -> None:
        """Fair weather, nobody dies, the operator goes through what waits for a person; until all is quiet."""
        self.world.say("--- from here on all is well")
        self.settling_since = self.world.clock()
        self.world.kill_rate = self.busy_rate = 0.0
        self.relay.weather = CALM
        self.relay.grey.clear()
        self.relay.down_until = 0.0
        people.over = True
        self.world.sleep(0)
        until = self.world.mono + 24 * 3600
        while self.world.mono < until:
            self._six_hours(people)
        self.quiet_since = self.world.clock() - timedelta(hours=21)  # a publisher has looked since
        self.no_more_editions = True
        # the last try of a message comes hours after the first; who is not done after days will never be
        for _ in range(24):
            self._six_hours(people)
            if not any(self.store.outbox_counts()[state] for state in OPEN):
                break
        self.over = True
        self.world.actors = [actor for actor in self.world.actors if actor.process is not None]
        self.world.run(lambda: False, MOST_STEPS)

    def _six_hours(self, people: People) -> None:
        people.tidy()
        pause = self.world.mono + 6 * 3600
        self.world.run(lambda: self.world.mono >= pause, MOST_STEPS)

    def _judge_schedule(self) -> None:
        """Whatever fell due by now has been told."""
        for digest in self.plan.digests:
            keys = [self.quiet_since.date() + timedelta(days=1) - timedelta(days=back) for back in range(9)]
            moments = [due_moment(digest.schedule, key) for key in keys if key.weekday() == digest.schedule.weekday]
            due = max((at for at in moments if self.plan.start < at <= self.quiet_since), default=None)
            edition, drafts = self.store.last_edition(digest.id), self.store.drafts(digest=digest.id)
            ends = [one.window.end for one in (*drafts, *([edition] if edition else []))]
            if due is not None and max(ends, default=self.plan.start) < due:
                self.oracle.fail("edition", f"{digest.id} that fell due at {due} was never made; known end at {ends}")
            for draft in drafts:
                if draft.state is not DraftState.OUT and draft.made_at < self.settling_since - timedelta(hours=1):
                    self.oracle.fail("desk", f"{draft.id} is {draft.state} for ever")


class People(Visitors, Editors):
    """Readers come, leave, bounce and are forgotten; the operator pauses, corrects, imports and restores."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.world = scene.world
        self.over = False
        self.names = [f"r{number}@{'x' if number % 3 else 'y'}.test" for number in range(scene.plan.people)]
        self.paused_since: float | None = None

    @property
    def store(self) -> Any:
        return self.scene.store

    def gather(self) -> None:
        for name in self.names:
            for digest in self.scene.plan.digests:
                if self.world.chance.random() < 0.7:
                    self._subscribe(name, digest.id)
        count = len(self.names)
        chance = self.world.chance
        self.scene.relay.unknown = frozenset(chance.sample(self.names, chance.choice((0, 0, 1, min(2, count)))))
        self.scene.relay.grey = {name: chance.randint(1, 9) for name in chance.sample(self.names, chance.choice((0, 1, 2)))}

    def live(self) -> None:
        doings = [
            self.come, self.come, self.leave, self.leave, self.bounce, self.erase, self.import_list, self.confirm, self.pause_edition,
            self.resume_editions, self.retry, self.abort, self.correct, self.pause_all, self.outage, self.confirm, self.complain,
            self.choose, self.choose, self.desk, self.desk, self.desk,
        ]  # fmt: skip
        if self.scene.plan.jumps:
            doings += [self.set_clock, self.set_clock]
        if self.scene.plan.restores:
            doings += [self.back_up, self.restore]
        while not self.over:
            self.world.sleep(self.world.chance.expovariate(1 / (self.scene.plan.events * 3600)))
            if self.over:
                return
            # what comes late is worth a look while something newer waits for another try
            waits = self.store.outbox_counts()[OutboxState.DEFERRED] and self.world.chance.random() < 0.4
            (self.correct if waits else self.world.chance.choice(doings))()
            self.scene.oracle.look()

    # --- readers -----------------------------------------------------------------------------------------------------

    def _somebody(self) -> str:
        return self.world.chance.choice(self.names)

    def _digest(self) -> str:
        return self.world.chance.choice(self.scene.plan.digests).id

    def _subscription(self, name: str, digest: str) -> Subscription | None:
        return next((one for one in self.store.subscriptions(digest=digest) if one.canonical == name), None)

    def _subscribe(self, name: str, digest: str, how: str = "command line") -> None:
        now = self.world.clock()
        wish = Subscription(0, digest, name, name, self.world.chance.choice(("en", "be")), Subscribed.ACTIVE, now, now, how)
        stands = self.store.subscribe(wish, address_mac(KEY, name))
        self.world.say(f"{how}: {name} to {digest} is {stands.state}")

    def leave(self) -> None:
        name, digest = self._somebody(), self._digest()
        one = self._subscription(name, digest)
        if one is None or one.state in (Subscribed.ENDED, Subscribed.SUPPRESSED):
            return
        self.store.set_subscription(one.id, Subscribed.ENDED, self.world.clock(), "one-click")
        self._gone(one.id)
        self.scene.oracle.left.add(one.id)
        self.world.say(f"{name} left {digest}")

    def bounce(self) -> None:
        name = self._somebody()
        self.store.suppress(Suppression(address_mac(KEY, name), "", "bounce 5.1.1", self.world.clock()), name)
        self.scene.oracle.bar(name, "")
        for one in self.store.subscriptions(canonical=name):
            self._gone(one.id)
        self.world.say(f"{name} bounced for good")

    def erase(self) -> None:
        name = self._somebody()
        for one in self.store.subscriptions(canonical=name):
            self._gone(one.id)
            self.scene.oracle.left.add(one.id)
        self.store.erase(name, Suppression(address_mac(KEY, name), "", "erased", self.world.clock()))
        self.scene.oracle.bar(name, "")
        self.world.say(f"{name} was erased")

    def import_list(self) -> None:
        for name in self.names:
            self._subscribe(name, self._digest(), "import")

    def _gone(self, subscription: int) -> None:
        self.scene.oracle.gone.add(subscription)

    # --- the operator ------------------------------------------------------------------------------------------------

    def pause_edition(self) -> None:
        self.scene.held = True
        for one in self.store.sendings((SendingState.SENDING,)):
            self.store.pause_sending(one.edition, "the operator wants to look", self.world.clock())
            self.world.say(f"{one.edition} is paused")

    def resume_editions(self) -> None:
        self.scene.held = False
        for one in self.store.sendings((SendingState.PAUSED, SendingState.MISSED)):
            self.store.resume_sending(one.edition, self.world.clock(), late=True)
            self.world.say(f"{one.edition} goes on")

    def retry(self) -> None:
        self.world.say(f"retried: {self.store.retry(now=self.world.clock())}")

    def abort(self) -> None:
        editions = [one.edition for one in self.store.sendings()]
        if editions and self.world.chance.random() < 0.2:
            edition = self.world.chance.choice(editions)
            self.scene.oracle.aborted.add(edition)
            self.world.say(f"{edition} aborted: {self.store.abort(edition=edition, now=self.world.clock())}")

    def pause_all(self) -> None:
        self.store.set_setting(SENDING_PAUSED, "the operator is away")
        self.world.say("all sending is paused")
        self.scene.held = True
        self.world.sleep(self.world.chance.uniform(600, 20 * 3600))
        self.store.set_setting(SENDING_PAUSED, "")
        self.scene.held = False

    def outage(self) -> None:
        self.scene.relay.down_until = self.world.mono + self.world.chance.uniform(60, 8 * 3600)
        self.world.say("the relay is down")

    def set_clock(self) -> None:
        hours = self.world.chance.choice((-2.0, -0.5, 0.01, 0.5, 1.0, 30.0))
        self.world.set_clock(timedelta(hours=hours))

    def back_up(self) -> None:
        target = self.scene.folder / f"backup{len(self.scene.backups)}.db"
        self.store.backup(target)
        self.scene.backups.append(target)
        self.world.say(f"{target.name} is made")

    def restore(self) -> None:
        """The service is stopped hard, an old copy put in place; after a while the operator lets mail go again."""
        if not self.scene.backups:
            return
        source = self.world.chance.choice(self.scene.backups)
        for process in [process for process in self.scene.processes if process.alive]:
            self.world.kill(process)
        self.scene.close()
        restore(source, f"sqlite:///{self.scene.database}")
        self.scene._open()
        self.scene.oracle.restored()
        words = {DraftState.APPROVED: "approved", DraftState.HELD: "held"}
        self.scene.oracle.decided = {draft.id: Decided(words.get(draft.state, "")) for draft in self.store.drafts()}
        self.world.say(f"{source.name} is restored")
        taken = len(self.scene.relay.taken)
        self.scene._start_missing()
        self.world.sleep(self.world.chance.uniform(3600, 40 * 3600))
        if self.over:  # the operator of the end has looked at it
            return
        if len(self.scene.relay.taken) != taken:
            self.scene.oracle.fail("unwanted", "mail was sent from a restored database before anybody looked at it")
        self.store.set_setting(SENDING_PAUSED, "")

    def tidy(self) -> None:
        """What an operator does with everything that waits for a person."""
        self.scene.held = False
        self.store.set_setting(SENDING_PAUSED, "")
        for one in self.store.sendings((SendingState.PAUSED, SendingState.MISSED)):
            self.store.resume_sending(one.edition, self.world.clock(), late=True)
        self.store.retry(states=(OutboxState.UNKNOWN,), now=self.world.clock())
        self.clear_desk()


# --- what is played by others than the real ones ----------------------------------------------------------------------

SETTINGS = Settings()
METRICS = Metrics()


def small_edition(digest: Digest, editions: Mapping[str, Edition], now: datetime, revision: int = 1) -> FrozenEdition:
    """An edition that says its language, what the desk wrote, and what was mended: more is not played here."""
    pages = {
        language: Rendition(
            *(language, f"{digest.id} {one.key}", "", "", "", "{}", "", f"<p>{UNSUBSCRIBE_TOKEN}</p>"),
            "\n".join([f".{UNSUBSCRIBE_TOKEN}", one.note, *(told.text for told in one.corrections), ""]),
        )
        for language, one in editions.items()
    }
    one = next(iter(editions.values()))
    name = publishing.edition_id(digest.id, one.key, revision)
    return FrozenEdition(name, digest.id, one.key, one.window.week, one.window, one.due_at, now, 1, "", pages, revision)


@contextlib.contextmanager
def stage(scene: Scene) -> Iterator[None]:
    """Put the simulation's world around the real code."""
    kept: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        kept.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    def compose(parts: Parts, digest: Digest, due: Due, languages: Any) -> Any:
        editions = {language: bare_edition(digest, due, language) for language in languages}
        return SimpleNamespace(editions=editions, inputs=SimpleNamespace(earlier=(), stories=(), digest=digest), due=due)

    def address(parts: Any, frozen: FrozenEdition, digest: Digest) -> Any:
        scene.read = {one.id: one.language for one in parts.store.subscriptions(digest=digest.id, states=(Subscribed.ACTIVE,))}
        return real_address(parts, frozen, digest)

    def freeze_editions(editions: Any, digest: Digest, *, frozen_at: datetime, revision: int = 1) -> FrozenEdition:
        return small_edition(digest, editions, frozen_at, revision)

    real_address = publishing.address_copies
    for module in (monitor.pipeline, monitor.desk):
        put(module, "compose", compose)
        put(module, "lay_down", lambda *_, **__: ())
    put(publishing, "freeze", lambda composed, frozen_at: small_edition(composed.inputs.digest, composed.editions, frozen_at))
    put(publishing, "freeze_editions", freeze_editions)
    put(publishing, "address_copies", address)
    # the watchdog of a handshake: nothing shakes hands here, and a thread for each connection takes its time
    put(monitor.delivery.smtp, "threading", SimpleNamespace(Timer=lambda *_: SimpleNamespace(start=int, cancel=int)))
    put(monitor.worker, "_started", scene.born)
    put(monitor.worker, "threading", threads_of(scene.world))
    put(monitor.worker, "ThreadPoolExecutor", lambda *_, **__: Lanes(scene.world))
    put(monitor.worker, "BATCH", scene.plan.batch)
    put(monitor.worker, "LEAST_BATCH", 1)
    for module in (monitor.web.opt_in, monitor.web.preferences):
        put(module, "log", lambda *_, **__: None)
    put(monitor.scheduler, "log", lambda *_, **__: None)
    put(monitor.scheduler, "warn", lambda event, **facts: scene.world.say(f"{event} {facts}"))
    put(bootstrap, "system_clock", scene.world.clock)
    put(ssl, "create_default_context", lambda *_, **__: None)  # it reads a file of certificates for a tenth of a second
    try:
        with dialled(lambda: scene.relay.connect(scene.world._now_running.process)):
            yield
    finally:
        for owner, name, value in reversed(kept):
            setattr(owner, name, value)


@dataclass(frozen=True)
class Outcome:
    """What one seed came to: the broken promise ("" if none), its trace, and what was seen on the way."""

    seed: int
    broken: str
    trace: tuple[str, ...]
    steps: int
    taken: int
    doubles: dict[str, int]
    kills: int
    editions: int


def play(
    seed: int, folder: Path, blank: Path, bug: Callable[[Scene], contextlib.AbstractContextManager[Any]] | None = None
) -> Outcome:
    """One seed in a folder of its own."""
    scene = Scene(seed, folder, blank)
    broken = ""
    try:
        with stage(scene), bug(scene) if bug else contextlib.nullcontext():
            try:
                scene.play()
            except AssertionError as error:
                broken = str(error) or "an assertion of the program failed"
            except (Killed, MonitorError, KeyError, AttributeError, TypeError, ValueError) as error:
                broken = f"crashed: {type(error).__name__}: {error}"
                if not bug:
                    raise
            finally:
                for process in scene.processes:
                    process.alive = False
    finally:
        editions = len(scene.store.editions()) if not broken else 0
        scene.close()
    oracle, world = scene.oracle, scene.world
    kills = sum("is killed" in line for line in world.trace)
    return Outcome(seed, broken, tuple(world.trace), world.steps, len(scene.relay.taken), dict(oracle.doubles), kills, editions)


def make_blank(folder: Path) -> Path:
    """A migrated, empty database, to be copied for each seed."""
    path = folder / "blank.db"
    store = open_store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    return path
