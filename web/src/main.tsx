import { render } from "preact";
import "./styles/tokens.css";
import "./styles/controls.css";
import "./styles/header.css";
import "./styles/help.css";
import "./styles/list.css";
import "./styles/reader.css";
import "./styles/parts.css";
import "./styles/welcome.css";
import "./styles/delivery.css";
import "./styles/faults.css";
import "./styles/rule-help.css";
import "./styles/layout.css";
import "./model/theme.ts";
import { listen } from "./model/live.ts";
import { followRoute, readFaulted, readFaults, readInfo } from "./model/model.ts";
import { App } from "./shell/app.tsx";

followRoute();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
listen();
// The stream brings these too, but the page should not wait for it.
void readInfo().catch(() => {});
void readFaults().catch(() => {});
void readFaulted().catch(() => {});
