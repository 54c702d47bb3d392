import type { Words } from "../words";

const ASK = "Ask the patient: allergies, medicines, anticoagulants, diseases, pregnancy, implants, treatment limit.";

export const outcomes: Words["outcomes"] = {
  reasons: {
    other_patient: {
      what: "The answer was about another patient. Nothing was shown.",
      now: `The fault is probably with the source or the exchange, not with you. Check the number, try once more, and report it to the administrator. ${ASK}`,
    },
    other_birth_date: {
      what: "The birth date in the answer differs from the one you gave. Nothing was shown.",
      now: `Probably a typing error in the number or the date. Ask the patient for both again and look up once more. If they are right, report it to the practice. ${ASK}`,
    },
    invalid_bsn: {
      what: "The answer carries an invalid citizen service number. Nothing was shown.",
      now: `The fault is with the source. Report it to the administrator. ${ASK}`,
    },
    two_patients: {
      what: "The answer holds data of two patients. Nothing was shown.",
      now: `The fault is with the source. Report it to the administrator. ${ASK}`,
    },
    no_bsn: {
      what: "The answer does not say whom it is about: there is no citizen service number in it. Nothing was shown.",
      now: `The fault is with the source. Report it to the administrator. ${ASK}`,
    },
    opted_out: { what: "No data received. That says nothing about the history.", now: ASK },
    setting_not_allowed: {
      what: "These data may not be consulted at this workstation. Nothing was shown.",
      now: `Only at an after-hours centre or an emergency department. Sign in with the right setting. ${ASK}`,
    },
    emergency_explicit_refused: {
      what: "This organisation has laid down that its emergency department does not consult on permission in advance. Nothing was shown.",
      now: `This is a setting of your organisation, not a failure. ${ASK}`,
    },
    measure_stopped: {
      what: "These data could be seen only under the corona measure, and that was stopped. Nothing was shown.",
      now: `Permission on the spot does not help now; this is not a failure. ${ASK}`,
    },
    no_suspicion: {
      what: "These data may be consulted only with (possible) corona; you answered “no”. Nothing was shown.",
      now: `This is not a failure. ${ASK}`,
    },
    no_agreement: {
      what: "These data need oral permission, and it was not given. Nothing was shown.",
      now: `This is not a failure. ${ASK}`,
    },
  },
  reasonsShort: {
    other_patient: "it was about another patient",
    other_birth_date: "the birth date is another",
    invalid_bsn: "the citizen service number is invalid",
    two_patients: "it was about two patients",
    no_bsn: "there is no citizen service number in it",
    opted_out: "no data received",
    setting_not_allowed: "not allowed at this workstation",
    emergency_explicit_refused: "not allowed here on permission in advance",
    measure_stopped: "the corona measure was stopped",
    no_suspicion: "only with (possible) corona",
    no_agreement: "oral permission is missing",
  },
  askRefusals: {
    not_signed_in: { what: "You are not signed in. Nothing was asked for.", now: "Sign in and look up again." },
    means_not_personal: {
      what: "You are not signed in with a personal card or means. Nothing was asked for.",
      now: "Sign in with your own card. A card without a name is not enough.",
    },
    setting_not_allowed: {
      what: "This workstation is not set to after-hours centre or emergency department. Nothing was asked for.",
      now: "Use a workstation of the after-hours centre or emergency department, or have the administrator check the setting.",
    },
    role_not_allowed: { what: "With your role no summary can be asked for. Nothing was asked for.", now: "Ask a doctor on duty to look it up." },
    mandate_missing: {
      what: "No doctor was named under whose responsibility you ask. Nothing was asked for.",
      now: "Sign out and in again, and choose the responsible doctor.",
    },
    need_not_confirmed: {
      what: "It was not confirmed that you treat this patient and need this. Nothing was asked for.",
      now: "Asking is allowed only if the treatment needs it.",
    },
    patient_objects: { what: "The patient objects. Nothing was asked for.", now: ASK },
    agreement_unanswered: { what: "It was not answered who gives permission orally. Nothing was asked for.", now: "Answer the question and look up again." },
    suspicion_unanswered: { what: "The question about corona was not answered. Nothing was asked for.", now: "Answer the question and look up again." },
  },
  refusedTitle: "Not shown",
  askRefusedTitle: "Not asked for",
  failedTitle: "Failed",
  refusedSources: (names) => `Answer from: ${names}.`,
  loggedToo: "This was logged, too.",
  back: "Back to look-up",
  again: "Try again",
};
