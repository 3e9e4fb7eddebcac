"""The settings of this workstation below those of its site."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent_desk import late
from agent_desk.paths import site_path
from agent_desk.settings import LoadedSettings, Settings, load_settings, save_settings

if TYPE_CHECKING:
    from agent_desk.site_file import SiteFile


class Station:
    """What this workstation is told, by whom, and where it keeps what is its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._site: SiteFile | None = None
        self.loaded: LoadedSettings = load_settings(folder)
        self._own = self.loaded.settings

    @property
    def site_keys(self) -> frozenset[str]:
        """Return what the site has set, and this workstation cannot change."""
        return self._site.keys if self._site is not None else frozenset()

    def read_site(self) -> Settings:
        """Read the site file, if there is one, and return the settings in force; SiteFileFault names what is wrong."""
        path = site_path()
        if path is not None:  # only then the reader is loaded: a single desk has no such file
            self._site = late.load("agent_desk.site_file:load_site_file")(path)
        else:
            self._site = None
        return self._own if self._site is None else self._site.over(self._own)

    def save(self, settings: Settings) -> None:
        """Keep the workstation's own settings, also those below the site's; InvalidSettings, UnsavedSettings."""
        self._own = settings if self._site is None else self._site.apart(settings, self._own)
        save_settings(self._folder, self._own)
