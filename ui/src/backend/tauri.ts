// The only file that imports the host's API.
import { Channel, invoke } from "@tauri-apps/api/core";

import type { Backend } from "./backend";
import type { Notice } from "./contract";

export const tauri: Backend = {
  bootstrap: () => invoke("bootstrap"),
  listen: (receive) => {
    const channel = new Channel<Notice>();
    channel.onmessage = receive;
    return invoke("listen", { channel });
  },
  signIn: (request) => invoke("sign_in", { request }),
  practicePatients: () => invoke("practice_patients"),
  checkBsn: (text) => invoke("check_bsn", { text }),
  lookUp: (request) => invoke("look_up", { request }),
  cancel: (requestId) => invoke("cancel", { requestId }),
  cancelSource: (requestId, key) => invoke("cancel_source", { requestId, key }),
  object: (request) => invoke("object", { request }),
  painted: (viewId) => invoke("painted", { viewId }),
  answerAsk: (request) => invoke("answer_ask", { request }),
  changeSuspicion: (request) => invoke("change_suspicion", { request }),
  closeView: (viewId) => invoke("close_view", { viewId }),
  lock: () => invoke("lock"),
  signOut: () => invoke("sign_out"),
  stillHere: () => invoke("still_here"),
  leaveKiosk: (pin) => invoke("leave_kiosk", { pin }),
  openLog: () => invoke("open_log"),
  openKey: (path) => invoke("open_key", { path }),
  overview: (request) => invoke("overview", { request }),
};
