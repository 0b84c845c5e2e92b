// The camera at the door, where the browser reads codes itself; without it the photo and the typed code do.
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const [button, video, said] = [live.querySelector("button"), live.querySelector("video"), live.querySelector("p")];
  const form = document.getElementById("typed");
  const KEY = "entrance-camera";
  live.hidden = false;

  async function look() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      said.textContent = "摄像头打不开，可以拍照或者手动输入。";
      sessionStorage.removeItem(KEY);
      return;
    }
    sessionStorage.setItem(KEY, "on");
    button.hidden = true;
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    said.textContent = "对准签到码。";
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const last = sessionStorage.getItem("entrance-last");
    const timer = setInterval(async () => {
      const [found] = await detector.detect(video).catch(() => []);
      if (!found || found.rawValue === last) return;
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      sessionStorage.setItem("entrance-last", found.rawValue);
      form.elements.ticket.value = found.rawValue;
      form.requestSubmit();
    }, 250);
  }

  button.addEventListener("click", look);
  if (sessionStorage.getItem(KEY) === "on") look();
})();
