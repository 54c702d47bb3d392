/** Field names of "all data of this part"; a field without a word shows its own name, which is English. */
export const fields: Record<string, string> = {
  ids: "Identifiers", root: "System", extension: "Value", system_name: "Code system name", system_version: "Code system version",
  original_text: "The author's words", null_flavor: "Why empty", translations: "Also coded as", key: "Number on this screen",
  at: "At", low: "Start", high: "End", conducted: "Taken from the message header", telecoms: "Reachable at", raw: "As received",
  uses: "Use", dispenses: "Dispense requests", what: "What was measured", negated: "Negated (negationInd)", per_source: "Per source",
  entries: "Statements", withheld: "Why withheld", ica: "Allergies and contra-indications", transmission: "About the message",
  general_practitioner: "Own GP", partials: "Partial contacts", bsn: "Citizen service number", organisation_ura: "Organisation's URA",
};
