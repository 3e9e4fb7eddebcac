"""The customer's screen in a widget: one page of the gateway, in a browser that keeps nothing and lets nothing out.

Only loaded once a code is issued (`late.load`): it costs half a second and 200 MiB.
"""

import logging
import os
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, QTimer, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

PLACE = "/viewer"
BELONG = ("/static/", f"{PLACE}/")
BLANK = QUrl("about:blank")
FAREWELL_MS = 500  # for the last word to the customer's browser
_SOCKETS = {"ws": "http", "wss": "https"}
_ON = (QWebEngineSettings.WebAttribute.JavascriptEnabled, QWebEngineSettings.WebAttribute.ShowScrollBars)
_log = logging.getLogger(__name__)

# Painted by the processor: the window would otherwise be taken down and made anew for the graphics card, in the middle
# of a call, and typing would be lost. Fifteen pictures a second cost less this way where there is no card. (Said to Qt by
# its environment: Python's module for Qt Quick takes a tenth of a second, and would bring all of QML into a package.)
os.environ["QT_QUICK_BACKEND"] = "software"


class ViewRefusedError(RuntimeError):
    """The browser would end the whole program here: as root it runs only without its sandbox."""


def origin_of(url: QUrl) -> str:
    """Return scheme, host and port of an address; a WebSocket belongs to the page that opens it."""
    scheme = _SOCKETS.get(url.scheme(), url.scheme())
    return f"{scheme}://{url.host()}:{url.port(443 if scheme == 'https' else 80)}"


class LiveView(QWidget):
    """Shows the viewer's page, or nothing."""

    titled = Signal(str)  # how the picture stands, as the page says it in its title
    died = Signal()  # the browser's process is gone; nothing is shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _refuse_root()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._guard = _Guard()
        self._profile = _closed_profile(self._guard)
        self._web = QWebEngineView(self)
        self._web.setObjectName("shareView")
        self._page = _Page(self._profile, self._guard, self._web)
        self._page.destroyed.connect(self._profile.deleteLater)  # in this order, or the profile complains
        self._dress_web()
        self._came = False
        self._farewell = QTimer(self)
        self._farewell.setSingleShot(True)
        self._farewell.setInterval(FAREWELL_MS)
        self._farewell.timeout.connect(self._clear)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._web)

    @property
    def is_dark(self) -> bool:
        """Tell whether nothing can be seen."""
        return self._web.isHidden()

    def open(self, url: str) -> None:
        """Show the viewer's page at this address; nothing but its origin can be loaded from now on."""
        place = QUrl(url)
        self._farewell.stop()
        self._came = False
        self._guard.origin = origin_of(place)
        self._page.load(place)
        self._web.show()

    def darken(self) -> None:
        """Take the picture off at once, and the page with it."""
        self._web.hide()
        if not self._farewell.isActive():
            self._clear()

    def set_fit(self, fit: bool) -> None:
        """Fit the picture into the stage, or show it in its own size; only then it takes the mouse, to be moved."""
        self._web.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, fit)
        self._call(f"setFit({'true' if fit else 'false'})")

    def stop(self) -> None:
        """Go dark, and let the page tell the customer's browser directly before it goes."""
        self._web.hide()
        self._call("stopShare()")
        self._farewell.start()

    def rejoin(self, token: str) -> None:
        """Give the page a new token after its socket was lost; the picture goes on meanwhile."""
        self._call(f"rejoin('{token}')")

    def lend(self, box: QVBoxLayout) -> None:
        """Put the picture into another window."""
        self._move(box)

    def take_back(self) -> None:
        """Put the picture back onto the stage."""
        if self._web.parentWidget() is not self:
            self._move(self._box)

    def release(self) -> None:
        """Give the browser back at once, also when the program ends and nothing is done later any more."""
        self.take_back()
        self._page.renderProcessTerminated.disconnect()
        for one in (self._page, self._profile, self):
            shiboken6.delete(one)

    def _dress_web(self) -> None:
        web = self._web
        web.setPage(self._page)
        web.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        web.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._close_ears()
        web.hide()
        self._page.titleChanged.connect(self._tell)
        self._page.renderProcessTerminated.connect(self._go_dark)
        self._page.loadFinished.connect(self._look_for_page)

    def _look_for_page(self, is_there: bool) -> None:
        self._close_ears()
        self._came = (
            self._came or is_there
        )  # a page that is there may try to go elsewhere, which fails and changes nothing
        if not self._came and self._guard.origin:  # the gateway is away; it may only be starting again
            self._go_dark()

    def _close_ears(self) -> None:
        """Leave the keyboard to the program and take nothing that is dropped; the browser makes its parts as it goes."""
        for one in (self._web, *self._web.findChildren(QWidget)):
            one.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            one.setAcceptDrops(False)

    def _move(self, box: QVBoxLayout) -> None:
        dark = self.is_dark
        box.addWidget(self._web)
        self._web.setHidden(dark)  # another parent hides it

    def _clear(self) -> None:
        if not self._guard.origin:
            return
        self._guard.origin = ""
        self._page.setUrl(BLANK)

    def _tell(self, title: str) -> None:
        if self._guard.origin:
            self.titled.emit(title)

    def _go_dark(self, *_how: object) -> None:
        self._web.hide()
        self.died.emit()

    def _call(self, script: str) -> None:
        name = script.partition("(")[0]
        self._page.runJavaScript(f"window.{name} && window.{script}")


class _Page(QWebEnginePage):
    """A page that goes nowhere, opens nothing and asks nothing."""

    def __init__(self, profile: QWebEngineProfile, guard: "_Guard", parent: QWidget) -> None:
        super().__init__(profile, parent)
        self._guard = guard
        self.setBackgroundColor(Qt.GlobalColor.black)
        settings = self.settings()
        for attribute in QWebEngineSettings.WebAttribute:
            settings.setAttribute(attribute, attribute in _ON)
        self.setAudioMuted(True)
        self.permissionRequested.connect(_deny)
        self.certificateError.connect(_reject)

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool) -> bool:
        """Go to the viewer's page of our gateway, to nothing, and nowhere else."""
        url = QUrl(url)
        return is_main and (url == BLANK or (origin_of(url) == self._guard.origin and url.path() == PLACE))

    def createWindow(self, _kind: QWebEnginePage.WebWindowType) -> Any:
        """Open no window."""
        return None

    def chooseFiles(self, *_asked: Any) -> list[str]:
        """Give no file."""
        return []

    def javaScriptConsoleMessage(
        self, _level: QWebEnginePage.JavaScriptConsoleMessageLevel, _message: str, line: int, _source: str
    ) -> None:
        """Keep what the page says to itself: it may name the customer."""
        _log.debug("the viewer's page spoke at line %d", line)

    def javaScriptAlert(self, _origin: QUrl | str, _message: str) -> None:
        """Show no box."""

    def javaScriptConfirm(self, _origin: QUrl | str, _message: str) -> bool:
        """Show no box."""
        return False


class _Guard(QWebEngineUrlRequestInterceptor):
    """Stops every request that does not go to the viewer's page and what belongs to it."""

    def __init__(self) -> None:
        super().__init__()
        self.origin = ""

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Let our own pass."""
        url = info.requestUrl()
        known = url.path() == PLACE or url.path().startswith(BELONG)
        info.block(url != BLANK and not (known and origin_of(url) == self.origin))


def _closed_profile(guard: _Guard) -> QWebEngineProfile:
    """Return a profile without a name, which writes nothing to disk, and from which nothing is downloaded."""
    profile = QWebEngineProfile(QCoreApplication.instance())
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
    profile.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
    profile.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
    profile.setUrlRequestInterceptor(guard)
    profile.downloadRequested.connect(_cancel)
    return profile


def _cancel(download: QWebEngineDownloadRequest) -> None:
    download.cancel()


def _deny(permission: QWebEnginePermission) -> None:
    permission.deny()


def _reject(error: QWebEngineCertificateError) -> None:
    error.rejectCertificate()


def _refuse_root() -> None:
    allowed = os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1"
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not allowed:
        raise ViewRefusedError("the browser does not run as root")
