"""Makes the workbench of a site from the settings; the rules that ship with the program can be tried in it, and not saved."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from monitor import bootstrap
from monitor.digests.load import check_digests
from monitor.model.problem import Problem
from monitor.parts import Parts
from monitor.settings import Settings
from monitor.trials.rule_files import RuleFolder
from monitor.web.workbench.bench import Workbench
from monitor.web.workbench.passwords import read_editors


def workbench_of(
    settings: Settings, secret: bytes, reload: Callable[[], None] = lambda: None, parts: Callable[[], Parts] | None = None
) -> Workbench | None:
    """The workbench, None where nobody may edit.

    Args:
        settings: Who may edit, and where the rules lie.
        secret: Keys logins and forms.
        reload: Has the service look at its files soon.
        parts: What editions are composed with, for previews.
    """
    web = settings.web
    editors = read_editors(web.editors.get_secret_value())
    if not editors and not web.proxy_user_header:
        return None

    def digest_problems(rules: AbstractSet[str]) -> tuple[Problem, ...]:
        return check_digests(bootstrap.folder_of(settings, "digests"), rules)[1]

    return Workbench(
        rules=RuleFolder(bootstrap.folder_of(settings, "rules")),
        secret=secret,
        editors=editors,
        proxy_header=web.proxy_user_header,
        read_only=web.rules_read_only or not (settings.home / "rules").is_dir(),
        https=settings.base_url.startswith("https://"),
        trial_s=web.trial_s,
        trial_articles=web.trial_articles,
        digest_problems=digest_problems,
        reload=reload,
        parts=parts,
    )
