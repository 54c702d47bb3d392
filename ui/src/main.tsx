import { render } from "preact";

import { App } from "./app";
import { tauri } from "./backend/tauri";

const root = document.getElementById("app");
if (root) render(<App backend={tauri} />, root);
