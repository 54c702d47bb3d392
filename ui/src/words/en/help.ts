import type { Words } from "../words";

export const help: Words["help"] = {
  title: "Help",
  keysTitle: "Keys",
  keys: [
    ["Tab", "next field"],
    ["Enter", "ask"],
    ["Esc", "stop, close or clear (with restore)"],
    ["Alt 1–9", "to a section of the summary (9: about this message)"],
    ["Ctrl F", "search in this summary"],
    ["Ctrl K", "next patient: closes this summary"],
    ["Ctrl L", "lock"],
    ["F1", "this help"],
  ],
  permissionTitle: "What you can tell the patient about permission",
  permission: [
    "Nothing is stored centrally: your data stay with your GP and pharmacy. The national exchange point (LSP) only knows who has data, and passes them on when a care provider needs them for your treatment.",
    "Sharing is allowed only if you gave permission in advance. You give it per provider: your GP and each pharmacy separately.",
    "How to arrange it: tell your GP and pharmacy; or hand them a filled-in form; or pass it on online through Volgjezorg, if your GP or pharmacy is connected (otherwise you can print the form there). Read the leaflet first.",
    "Passing it on online only asks the practice. Processing takes days to a few weeks; the portal shows whether it was done. If it takes longer, contact the practice.",
    "For another provider, such as a doctor in a hospital: discuss it at your next visit.",
    "Mitz is a newer register: there you choose per group of providers, and the choice holds at once where the practice is connected.",
    "A “no” can be turned into a “yes” at any time. A “yes” given tonight opens nothing tonight.",
    "Without a summary you are treated all the same; the doctor then has to ask more.",
    "Questions about who saw your data: at this care organisation or at VZVZ. The patient can ask this care organisation for an overview of views.",
  ],
};
