// What keeps this browser from sharing a screen, said before a code is typed and used up.

/** Return "" when nothing does, else phone, insecure or browser. */
export function obstacle() {
  if (isHandheld()) return "phone";
  if (!window.isSecureContext) return "insecure";
  const needed = [navigator.mediaDevices?.getDisplayMedia, window.RTCPeerConnection, window.WebSocket, AbortSignal.timeout];
  return needed.every(Boolean) ? "" : "browser";
}

function isHandheld() {
  if (navigator.userAgentData?.mobile) return true;
  const tablet = navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1; // an iPad that calls itself a Mac
  return tablet || /Android|iPhone|iPad|iPod|Mobile/.test(navigator.userAgent);
}
