/** Names of details; their own names are English, so only those are here that read badly as they are. */
export const details: Record<string, string> = {
  as_needed: "as needed", max_dose: "maximum", onset_age: "age at onset", reason_code: "reason", reason_reference: "reason",
  reporter: "reported by", asserter: "reported by", recorder: "recorded by", requester: "requested by", exposure_route: "by way of",
  verification_status: "certainty", target_disease: "against", lot_number: "lot number", organization: "organisation",
};
