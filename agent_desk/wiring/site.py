"""What the desk asks of everything around it: files, relay, keyring, gateway; each is loaded at its first use."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent_desk import late
from agent_desk.desktop.desk import Site
from agent_desk.wiring.sharing import DeskGateway, keep_turn_secret, load_view
from agent_desk.wiring.station import Station
from agent_desk.wording import Wording

KEPT_FOLDER = "kept"
_log = logging.getLogger(__name__)


def site(folder: Path, gateway: DeskGateway, station: Station) -> Site:
    """Return all of it for this workstation."""
    return Site(
        save_settings=station.save,
        site_keys=lambda: station.site_keys,
        try_database=later("database:try_database"),
        try_relay=later("context:try_relay"),
        keep_password=later("context:keep_password"),
        try_sms=later("context:try_sms_gateway"),
        keep_sms_password=later("context:keep_sms_password"),
        log_keys=later("context:log_keys"),
        write_mail=lambda ctx, mail_id, path: later("papers:write_mail")(ctx, folder, mail_id, path),
        write_paper=lambda ctx, mail_id: later("papers:write_paper")(ctx, folder, mail_id),
        export_journal=later("sheets:export_journal"),
        export_case=later("sheets:export_case"),
        export_commitments=later("commitments:export_commitments"),
        open_gateway=gateway.open,
        try_page=gateway.try_page,
        keep_turn_secret=keep_turn_secret,
        load_view=load_view,
        keep_typing=lambda ctx, typing: later("keeping:keep_typing")(ctx, folder / KEPT_FOLDER, typing),
        kept_typing=lambda ctx, session_id: (
            later("keeping:kept_typing")(ctx, folder / KEPT_FOLDER, session_id)
            if (folder / KEPT_FOLDER).exists()
            else None
        ),
        drop_typing=lambda ctx, session_id: later("keeping:drop_typing")(ctx, folder / KEPT_FOLDER, session_id),
        save_kept=lambda ctx: later("keeping:save_kept")(ctx, folder / KEPT_FOLDER),
        listen=later("hearing:listen"),
        may_lock=later("account:may_lock"),
        unlock=later("account:unlock"),
        change_password=later("account:change_password"),
        protect=lambda ctx, login, password: late.protect_desk(ctx, login, password),  # noqa: PLW0108 (loaded in the worker)
        sentence=sentence,
        data_folder=folder,
    )


def later(place: str) -> Callable[..., Any]:
    """Return a function of this package that is loaded at its first call."""

    def call(*arguments: object) -> Any:
        return late.load(f"agent_desk.wiring.{place}")(*arguments)

    return call


def sentence(error: BaseException, wording: Wording) -> str:
    """Return what happened, what was kept and what to do: refusals and database faults carry their own code."""
    code = getattr(error, "code", "")
    _log.info("told: %s %s", type(error).__name__, code)
    key = f"errors.{code}"
    try:
        return wording.text(key, **getattr(error, "values", {}))
    except KeyError:
        _log.error("no sentence for %s", type(error).__name__)
        return wording.text("errors.unexpected")
