// Generated from src-tauri/shell/contract.rs by `make generate`; do not edit.

export type Address = { 
/**
 * Use as received (`HP`, `WP`).
 */
usage: string | null, 
/**
 * Street name, possibly with number.
 */
street: string | null, 
/**
 * House number.
 */
house_number: string | null, 
/**
 * Addition to the house number and other lines.
 */
additional: Array<string>, 
/**
 * Postal code.
 */
postal_code: string | null, 
/**
 * City.
 */
city: string | null, 
/**
 * Country.
 */
country: string | null, 
/**
 * Unstructured text.
 */
text: string | null, };

export type Age = { 
/**
 * Whole years.
 */
years: number, 
/**
 * Whole months since birth; shown under two years.
 */
months: number, 
/**
 * The birth date is less precise than a day: "about".
 */
about: boolean, };

export type Agreement = "patient" | "representative" | "cannot_be_asked";

export type AnswerRequest = { 
/**
 * UUID v4 made by the page.
 */
request_id: string, 
/**
 * Which view.
 */
view_id: string, 
/**
 * Asked or unable.
 */
answer: AskAnswer, };

export type AnswerResult = { "outcome": "recorded", 
/**
 * The prompt's new state.
 */
asked: AskedState, } | { "outcome": "failed", 
/**
 * What happened.
 */
trouble: Trouble, };

export type AskAnswer = "asked" | "unable";

export type AskPrompt = { 
/**
 * Why, the strictest first: corona, not established, national rule.
 */
causes: Array<WithheldCause>, 
/**
 * Keys of the sources that withheld.
 */
sources: Array<string>, };

export type AskRefusal = "not_signed_in" | "means_not_personal" | "setting_not_allowed" | "role_not_allowed" | "mandate_missing" | "need_not_confirmed" | "patient_objects" | "agreement_unanswered" | "suspicion_unanswered";

export type AskedState = { 
/**
 * Asked or unable.
 */
answer: AskAnswer, 
/**
 * Local time, `HH:MM`.
 */
at: string, 
/**
 * By whom.
 */
by: string, };

export type AttentionFlag = { 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Kind as coded.
 */
code: Coded, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * What the reference says it points at, as coded.
 */
target_code: Coded | null, 
/**
 * Period as given.
 */
period: Period, 
/**
 * Text, where given.
 */
text: string | null, };

export type AttentionLine = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Kind as coded.
 */
code: Coded | null, 
/**
 * Verbatim.
 */
text: string | null, 
/**
 * Date or period as given.
 */
period: Period, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Who wrote it.
 */
author: Author | null, };

export type Author = { 
/**
 * AGB, UZI.
 */
ids: Array<Identifier>, 
/**
 * Role (`01.015` huisarts).
 */
role: Coded | null, 
/**
 * Name, if given.
 */
name: HumanName | null, 
/**
 * Where they work.
 */
organisation: Organisation | null, 
/**
 * Phone and such of the person.
 */
telecoms: Array<Telecom>, 
/**
 * When it was written.
 */
time: PartialDate | null, 
/**
 * Whether it stands on the entry itself or was conducted from its context
 * (HL7v3 context conduction); shown as such.
 */
conducted: boolean, };

export type Banner = { 
/**
 * Surname with prefixes, own case; the screen capitalises it.
 */
family: string, 
/**
 * Given names or initials.
 */
given: string, 
/**
 * Birth date as received.
 */
born: PartialDate | null, 
/**
 * Age now, where the birth date allows it.
 */
age: Age | null, 
/**
 * `male`, `female`, `other` or `not_stated`.
 */
gender: Gender, 
/**
 * In groups.
 */
bsn_grouped: string, 
/**
 * Street and number, city.
 */
address: string | null, 
/**
 * `Some` where the message says the patient died.
 */
deceased: DeceasedInfo | null, };

export type Basis = "explicit" | "corona" | "not_established";

export type BasisProvenance = "marker_in_message" | "measure_stopped" | "no_marker_while_proven" | "marker_unproven" | "conflicting" | "stated";

export type Block = { "block": "text", 
/**
 * Verbatim, white space folded; `\n` where the line was broken on purpose.
 */
text: string, 
/**
 * Set apart by its author (bold, italic, underlined).
 */
strong: boolean, } | { "block": "paragraph", 
/**
 * What stands in it.
 */
content: Array<Block>, } | { "block": "heading", 
/**
 * What stands in it.
 */
content: Array<Block>, } | { "block": "list", 
/**
 * Numbered.
 */
ordered: boolean, 
/**
 * Its items.
 */
items: Array<Array<Block>>, } | { "block": "table", 
/**
 * Its caption.
 */
caption: string | null, 
/**
 * Its rows, those of the head first.
 */
rows: Array<TableRow>, };

export type Bootstrap = { 
/**
 * Training: every screen says so, only fictitious patients are accepted.
 */
training: boolean, 
/**
 * Kiosk: full screen, leaving only with a supervisor's PIN.
 */
kiosk: boolean, 
/**
 * Language at start.
 */
language: Language, 
/**
 * Name of the organisation.
 */
organisation: string, 
/**
 * Location and workstation.
 */
workstation: string, 
/**
 * Setting; `None` where it is still to be chosen (training, at start).
 */
setting: Setting | null, 
/**
 * The measure now.
 */
measure: Measure, 
/**
 * Whether the agreement question is asked at every view.
 */
ask_agreement_always: boolean, 
/**
 * Whether the connection contract covers explicit consent in an emergency department.
 */
emergency_explicit: EmergencyExplicit, 
/**
 * Who can sign in here (training: cards on the screen).
 */
people: Array<PersonCard>, 
/**
 * Present when someone is signed in already: the page was made anew under them.
 */
session: Session | null, 
/**
 * Present when the app closed what was open, for the page to explain.
 */
closed: CloseCause | null, 
/**
 * Present when the page starts locked.
 */
locked: LockedInfo | null, 
/**
 * Present when nobody can sign in until it is solved.
 */
trouble: Trouble | null, 
/**
 * Present when something is to be known that stops nobody.
 */
remark: Trouble | null, 
/**
 * Idle time until the lock, in seconds.
 */
idle_seconds: number, 
/**
 * How long before the lock it is announced, in seconds.
 */
idle_warning_seconds: number, };

export type BsnCheck = { "state": "incomplete" } | { "state": "valid", 
/**
 * In groups, for reading aloud: `9999 00 006`.
 */
grouped: string, } | { "state": "invalid", 
/**
 * `not_digits`, `length`, `zero`, `eleven_test`, `not_a_training_patient`.
 */
reason: string, };

export type CloseCause = "user" | "locked" | "signed_out" | "measure_stopped" | "suspicion_changed" | "log_failed" | "screen_died" | "app_ended";

export type Coded = { 
/**
 * The code.
 */
code: string | null, 
/**
 * OID or URI of the code system.
 */
system: string | null, 
/**
 * Name of the code system as the message gives it.
 */
system_name: string | null, 
/**
 * Version of the code system as the message gives it.
 */
system_version: string | null, 
/**
 * Display in the message.
 */
display: string | null, 
/**
 * The words the author used for it.
 */
original_text: string | null, 
/**
 * Why there is no code.
 */
null_flavor: string | null, 
/**
 * The same in other code systems.
 */
translations: Array<Coded>, };

export type Contact = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Kind (`03` consult), as coded; the display may be missing in normal data.
 */
kind: Coded | null, 
/**
 * When, as given.
 */
period: Period, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Who held it.
 */
author: Author | null, 
/**
 * Text with it.
 */
text: string | null, 
/**
 * Partial contacts (deelcontacten), by sequence number, in the order received.
 */
partials: Array<PartialContact>, 
/**
 * Only referred to in what was received: its own data may stand in another message.
 */
referred_only: boolean, 
/**
 * Entered in error, or taken back.
 */
withdrawn: boolean, 
/**
 * Further named values.
 */
details: Array<Detail>, 
/**
 * What it refers to (a concern).
 */
references: Array<LineReference>, };

export type Deceased = { 
/**
 * The statement; `None` where only a date was given.
 */
stated: boolean | null, 
/**
 * The date, where given.
 */
at: PartialDate | null, };

export type DeceasedInfo = { 
/**
 * Date as received, where given.
 */
at: PartialDate | null, };

export type Decision = { "outcome": "permit", 
/**
 * With or without ICA.
 */
ica: Ica, } | { "outcome": "refuse", 
/**
 * The first rule that failed.
 */
reason: Reason, };

export type Delivery = { "outcome": "delivered" } | { "outcome": "partial", 
/**
 * What is missing.
 */
missing: Missing, } | { "outcome": "nothing_found" } | { "outcome": "refused_by_source", 
/**
 * The code it gave (`AUTERR_SWV_FALSE`).
 */
code: string, 
/**
 * The organisation it names, where it does (URA).
 */
organisation_ura: string | null, } | { "outcome": "failed", 
/**
 * Stable code of ours.
 */
code: string, } | { "outcome": "awaited" } | { "outcome": "cancelled" };

export type DeliveryLine = { 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is the organisation's own repository, which alone receives BSNs.
 */
own_repository: boolean, 
/**
 * What is going on.
 */
state: DeliveryState, 
/**
 * Stable code of what is wrong.
 */
code: string | null, 
/**
 * What happened, whose fault it probably is, what to do (English).
 */
said: string | null, 
/**
 * How many entries it does not have.
 */
undelivered: number, 
/**
 * When the oldest of those was written: local date and time, ISO 8601 with seconds.
 */
oldest: string | null, 
/**
 * Entries that it took sealed, since the app started, because they could not be opened here.
 */
sent_sealed: number, };

export type DeliveryState = "delivering" | "delivered" | "elsewhere" | "waiting" | "refused";

export type Detail = { 
/**
 * Stable name (`reaction`, `severity`); the screen translates what it knows.
 */
name: string, 
/**
 * As coded.
 */
coded: Coded | null, 
/**
 * As text.
 */
text: string | null, 
/**
 * As a quantity.
 */
quantity: Quantity | null, 
/**
 * As a date or period.
 */
period: Period | null, 
/**
 * What belongs to this value (the severity of one reaction).
 */
details: Array<Detail>, };

export type Diagnosis = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * As coded (ICPC).
 */
value: Coded, 
/**
 * Text with it.
 */
text: string | null, 
/**
 * When, where it has a time of its own.
 */
period: Period, 
/**
 * Who made it.
 */
author: Author | null, 
/**
 * Keys of the episodes that refer to it.
 */
episodes: Array<string>, };

export type DispenseRequest = { 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Status as received, or its nullFlavor.
 */
status: string | null, 
/**
 * Quantity as given.
 */
quantity: Quantity | null, 
/**
 * Text, where given.
 */
text: string | null, 
/**
 * Period as given.
 */
period: Period, };

export type Duplicate = { 
/**
 * Keys of the entries, in the order of the list they stand in.
 */
keys: Array<string>, 
/**
 * By what they look alike.
 */
by: DuplicateBy, };

export type DuplicateBy = "same_id" | "same_content";

export type EmergencyExplicit = "permit" | "refuse";

export type Entry = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * What it is about.
 */
kind: SectionKind, 
/**
 * What it is in the message (`Procedure`, `Immunization`, `observation`).
 */
element: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * What it is, as coded.
 */
what: Coded | null, 
/**
 * Text, verbatim.
 */
text: string | null, 
/**
 * Value, where it has one.
 */
value: MeasuredValue | null, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Entered in error, or taken back.
 */
withdrawn: boolean, 
/**
 * Whether it says that something is *not* so (`notDone`, `negationInd`).
 */
negated: boolean, 
/**
 * When, as given.
 */
period: Period, 
/**
 * Who wrote or did it.
 */
author: Author | null, 
/**
 * Further named values.
 */
details: Array<Detail>, 
/**
 * What it refers to.
 */
references: Array<LineReference>, };

export type EntryNarrative = { 
/**
 * Key of the source.
 */
source: string, 
/**
 * Key of the entry; `None` where it belongs to none that is shown.
 */
of: string | null, 
/**
 * What it says.
 */
narrative: Narrative, };

export type Episode = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * The GP's title, verbatim.
 */
title: string | null, 
/**
 * Diagnosis as coded (ICPC).
 */
problem: Coded | null, 
/**
 * Text beside the code, where it differs from the title.
 */
problem_text: string | null, 
/**
 * Ids of the diagnosis.
 */
problem_ids: Array<Identifier>, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Closed: the status says so, or an end was given. A closed episode stays as black as an open one.
 */
closed: boolean, 
/**
 * Start and end as given.
 */
period: Period, 
/**
 * Periods of care as given.
 */
care_periods: Array<Period>, 
/**
 * Whether an attention flag (LOINC 74018-3) points at it.
 */
flagged: boolean, 
/**
 * Those flags.
 */
flags: Array<AttentionFlag>, 
/**
 * Its journal lines, by reference.
 */
lines: Array<LineReference>, 
/**
 * Who wrote it.
 */
author: Author | null, 
/**
 * Entered in error, refuted or taken back.
 */
withdrawn: boolean, 
/**
 * Further named values (category, certainty, further problems of a concern …).
 */
details: Array<Detail>, 
/**
 * What it refers to besides journal lines (a concern, a contact).
 */
references: Array<LineReference>, };

export type Fact = { 
/**
 * Name, as a stable key the screen translates where it knows it.
 */
name: string, 
/**
 * Value as received.
 */
value: string, };

export type Finding = { 
/**
 * Stable code.
 */
code: FindingCode, 
/**
 * How bad it is.
 */
severity: Severity, 
/**
 * Where, as a path of element names with positions; never a value.
 */
path: string, 
/**
 * Which source, where known.
 */
source: string | null, };

export type FindingCode = "not_well_formed" | "limit_exceeded" | "doctype_refused" | "unknown_interaction" | "bad_encoding" | "invalid_bsn" | "no_bsn" | "other_patient" | "other_birth_date" | "other_name" | "two_patients" | "unreadable_date" | "future_date" | "dangling_reference" | "repeated_id" | "unexpected_structure" | "empty_entry" | "unreadable_value" | "not_interpreted" | "unknown_acknowledgement" | "source_error" | "fewer_than_announced" | "more_remaining" | "conflicting_consent" | "foreign_content" | "repeated_key" | "unexpected_bundle" | "unknown_modifier" | "operation_outcome" | "narrative_missing" | "narrative_stripped" | "unreferenced";

export type Gender = "male" | "female" | "other" | "not_stated";

export type HumanName = { 
/**
 * As received.
 */
parts: Array<NamePart>, 
/**
 * Surname for display, prefixes included, own case ("van den Berg - Jansen").
 */
family: string, 
/**
 * Given names or initials for display.
 */
given: string, 
/**
 * How the name is used, as received (`L`, `OR`, …).
 */
usage: string | null, };

export type Ica = "included" | "withheld";

export type Identifier = { 
/**
 * The system: an OID or URI.
 */
root: string | null, 
/**
 * The value within it.
 */
extension: string | null, };

export type JournalLine = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Kind of line as coded (`S`, `O`, `E`, `P`).
 */
kind: Coded, 
/**
 * Verbatim; `None` where the message gives none.
 */
text: string | null, 
/**
 * Why there is no text.
 */
null_flavor: string | null, 
/**
 * When, where the line has a time of its own.
 */
period: Period, 
/**
 * Keys of the episodes that refer to it.
 */
episodes: Array<string>, };

export type Language = "nl" | "en";

export type LineReference = { 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Key of the target; `None` where it is not in the message: shown as such, never dropped.
 */
target: string | null, };

export type LockCause = "user" | "idle" | "log_failed" | "screen_died" | "app_ended" | "other_user";

export type LockedInfo = { 
/**
 * Whose session it was.
 */
name: string, 
/**
 * Their id, so that the card is at hand.
 */
person: string, 
/**
 * Why.
 */
cause: LockCause, 
/**
 * Local time, `HH:MM`.
 */
at: string, 
/**
 * Set when a summary was closed because of something that must be explained.
 */
closed: CloseCause | null, };

export type LogFact = { 
/**
 * Name.
 */
name: string, 
/**
 * Value.
 */
value: string, };

export type LogLine = { 
/**
 * Position in the log.
 */
sequence: number, 
/**
 * Local date and time, ISO 8601 with seconds.
 */
at: string, 
/**
 * Kind of event (`released`).
 */
event: string, 
/**
 * Role of who did it.
 */
role: Role | null, 
/**
 * Further named values: basis, source, cause, code.
 */
facts: Array<LogFact>, 
/**
 * Short name of the request, so that its events can be followed.
 */
request: string | null, };

export type LogRemark = { 
/**
 * Stable code.
 */
code: string, 
/**
 * At which entry.
 */
sequence: number, };

export type LogVerdict = { "verdict": "intact", 
/**
 * Signed up to this entry; 0 where nothing is signed yet.
 */
signed: number, 
/**
 * Whether the keychain's counter was compared: then a tail that was cut off shows.
 */
keychain: boolean, 
/**
 * What is to be looked at and proves nothing.
 */
remarks: Array<LogRemark>, 
/**
 * How many more of those there are.
 */
remarks_more: number, 
/**
 * Entries whose content expired.
 */
expired: number, } | { "verdict": "fault", 
/**
 * Stable code of what is wrong.
 */
code: string, 
/**
 * Which entry, where it can be told.
 */
sequence: number | null, 
/**
 * Which checkpoint, where it is one.
 */
checkpoint: number | null, };

export type LogView = { 
/**
 * Newest first.
 */
entries: Array<LogLine>, 
/**
 * How many entries there are in all.
 */
total: number, 
/**
 * What recomputing the whole log found.
 */
verified: LogVerdict, 
/**
 * Whether the organisation's key is at hand: without it who and whom stay sealed.
 */
key: boolean, 
/**
 * Each receiver of the log; none where it stays here.
 */
delivery: Array<DeliveryLine>, };

export type LookUpRequest = { 
/**
 * UUID v4 made by the page; also the request's id on the wire and in the log.
 */
request_id: string, 
/**
 * As typed or scanned.
 */
bsn: string, 
/**
 * As typed (`12-03-1951`, `12031951`, `1951-03-12`); empty when not given.
 */
birth_date: string, 
/**
 * "I treat this patient and need this."
 */
treats_and_needs: boolean, 
/**
 * Who agrees, where asked.
 */
agreement: Agreement | null, 
/**
 * Possible corona, where asked.
 */
suspicion: boolean | null, };

export type LookUpResult = { "outcome": "shown", 
/**
 * It.
 */
view: View, } | { "outcome": "refused", 
/**
 * The first reason.
 */
reason: Reason, 
/**
 * Names of the sources that were refused.
 */
sources: Array<string>, } | { "outcome": "ask_refused", 
/**
 * The first rule that forbids it.
 */
reason: AskRefusal, } | { "outcome": "bad_input", 
/**
 * `bsn` or `birth_date`.
 */
field: string, 
/**
 * Stable code.
 */
reason: string, } | { "outcome": "failed", 
/**
 * What happened.
 */
trouble: Trouble, } | { "outcome": "cancelled" };

export type MarkerElement = "confidentiality_code" | "attention_line" | "fhir_security" | "fhir_tag" | "fhir_consent";

export type Measure = { "state": "active", 
/**
 * Since when, as the exchange gives it.
 */
since: PartialDate, 
/**
 * By whose decision.
 */
decided_by: string, } | { "state": "stopped", 
/**
 * Since when, if known.
 */
since: PartialDate | null, 
/**
 * By whose decision, if known.
 */
decided_by: string | null, };

export type MeasuredComponent = { 
/**
 * What was measured.
 */
what: Coded, 
/**
 * The value, or that there is none.
 */
value: MeasuredValue, 
/**
 * Interpretation as received.
 */
interpretations: Array<Coded>, 
/**
 * Reference ranges as received.
 */
reference_ranges: Array<ReferenceRange>, 
/**
 * Further named values.
 */
details: Array<Detail>, };

export type MeasuredValue = { "type": "quantity" } & Quantity | { "type": "text", 
/**
 * Verbatim.
 */
text: string, } | { "type": "coded" } & Coded | { "type": "range" } & ReferenceRange | { "type": "boolean", 
/**
 * As received.
 */
value: string, } | { "type": "time" } & Period | { "type": "none", 
/**
 * Why, where the message says.
 */
null_flavor: string | null, };

export type Measurement = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * What was measured.
 */
what: Coded, 
/**
 * The value, or that there is none.
 */
value: MeasuredValue, 
/**
 * When, as given.
 */
at: Period, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Interpretation as received (`L`): shown beside the value even where the range says otherwise.
 */
interpretations: Array<Coded>, 
/**
 * Reference ranges as received.
 */
reference_ranges: Array<ReferenceRange>, 
/**
 * The observation's own nullFlavor.
 */
null_flavor: string | null, 
/**
 * Text with it.
 */
text: string | null, 
/**
 * Method, where given.
 */
method: Coded | null, 
/**
 * Who did it.
 */
author: Author | null, 
/**
 * What it refers to (an episode, a journal line).
 */
references: Array<LineReference>, 
/**
 * Entered in error, or taken back.
 */
withdrawn: boolean, 
/**
 * Its parts, each with a value of its own (systolic and diastolic).
 */
components: Array<MeasuredComponent>, 
/**
 * The results of a panel, by key; a dangling one has no target.
 */
members: Array<LineReference>, 
/**
 * Further named values (specimen, category, body site, device …).
 */
details: Array<Detail>, };

export type Medication = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * The product as coded and named.
 */
product: Coded, 
/**
 * Further names or descriptions of the product.
 */
product_texts: Array<string>, 
/**
 * Status of the prescription as received.
 */
status: string | null, 
/**
 * Administration requests: dose text, status, period.
 */
uses: Array<MedicationUse>, 
/**
 * Dispense requests: quantity, status.
 */
dispenses: Array<DispenseRequest>, 
/**
 * Who prescribed, and when.
 */
author: Author | null, 
/**
 * Key of the contact it stands in.
 */
contact: string | null, 
/**
 * Free text with it.
 */
text: string | null, 
/**
 * What kind of statement about medication it is.
 */
kind: MedicationKind, 
/**
 * When it was agreed, dispensed or stated to hold, where the message says so of the whole.
 */
period: Period, 
/**
 * Entered in error, or taken back.
 */
withdrawn: boolean, 
/**
 * Further named values (reason, ingredients, quantity dispensed …).
 */
details: Array<Detail>, 
/**
 * What it refers to (an episode, a prescription).
 */
references: Array<LineReference>, };

export type MedicationKind = "prescription" | "agreement" | "dispense" | "administration" | "statement";

export type MedicationUse = { 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * Dose instruction, verbatim.
 */
text: string | null, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Start and end as given.
 */
period: Period, 
/**
 * Repetition as given (`every 0.5 d`).
 */
repeats: Array<Quantity>, 
/**
 * Dose quantity, where structured.
 */
doses: Array<Quantity>, 
/**
 * Route, where coded.
 */
route: Coded | null, 
/**
 * Further named values (sequence, frequency, as needed, maximum, duration, additional instructions).
 */
details: Array<Detail>, };

export type Missing = "fewer_than_announced" | "more_remaining" | "unknown_answer" | "unreadable_part";

export type NamePart = { 
/**
 * What it is.
 */
kind: NamePartKind, 
/**
 * Verbatim.
 */
text: string, };

export type NamePartKind = "given" | "initials" | "call_me" | "surname_prefix" | "title" | "own_surname" | "partner_surname" | "suffix" | "text";

export type Narrative = { 
/**
 * Status as received (`generated`, `additional`).
 */
status: string | null, 
/**
 * Whether it has to be read: the coded content was missing or says less.
 */
weight: NarrativeWeight, 
/**
 * What it says.
 */
blocks: Array<Block>, };

export type NarrativeWeight = "instead" | "more" | "same";

export type Notice = { "notice": "progress", 
/**
 * Which look-up.
 */
request_id: string, 
/**
 * Each source.
 */
sources: Array<SourceProgress>, } | { "notice": "measure", 
/**
 * Its state now.
 */
measure: Measure, } | { "notice": "view_closed", 
/**
 * Which.
 */
view_id: string, 
/**
 * Why.
 */
cause: CloseCause, } | { "notice": "idle_warning", 
/**
 * Seconds left.
 */
seconds_left: number, } | { "notice": "idle_cleared" } | { "notice": "remark", 
/**
 * What; `null` where all is well.
 */
remark: Trouble | null, } | { "notice": "log_trouble", 
/**
 * What happened.
 */
trouble: Trouble, };

export type ObjectionRequest = { 
/**
 * UUID v4 made by the page.
 */
request_id: string, 
/**
 * As typed.
 */
bsn: string, };

export type Organisation = { 
/**
 * URA, AGB and others.
 */
ids: Array<Identifier>, 
/**
 * Name.
 */
name: string | null, 
/**
 * Phone and such.
 */
telecoms: Array<Telecom>, 
/**
 * Addresses.
 */
addresses: Array<Address>, 
/**
 * Kind of organisation.
 */
kind: Coded | null, };

export type OverviewNotice = { 
/**
 * In words.
 */
said: string, 
/**
 * Whether it must not be overlooked: something is wrong, or missing.
 */
warns: boolean, };

export type OverviewRequest = { 
/**
 * BSN as typed; empty for every patient.
 */
bsn: string, 
/**
 * Id of an employee at the organisation; empty for everyone.
 */
user: string, 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * In which language.
 */
language: Language, };

export type OverviewResult = { "outcome": "shown", 
/**
 * The overview.
 */
overview: OverviewTable, } | { "outcome": "bad_input", 
/**
 * Which (`bsn`, `from`, `to`, `nothing`).
 */
field: string, } | { "outcome": "failed", 
/**
 * Why.
 */
trouble: Trouble, };

export type OverviewTable = { 
/**
 * What it is, and when it was made.
 */
title: string, 
/**
 * Where the rows come from, and what is not in them.
 */
notices: Array<OverviewNotice>, 
/**
 * Headings.
 */
columns: Array<string>, 
/**
 * Cells.
 */
rows: Array<Array<string>>, 
/**
 * Notable patterns of a site and month.
 */
patterns: Array<string>, 
/**
 * Whom to ask.
 */
contact: string, 
/**
 * The patient's version, where one patient was asked for: paragraphs.
 */
for_patient: Array<string> | null, };

export type Part = { 
/**
 * State over all sources; `None` only where nothing may be said (refused).
 */
state: State | null, 
/**
 * State per source: (source key, state).
 */
per_source: Array<SourceState>, 
/**
 * Every statement, with its kind and source.
 */
entries: Array<Statement>, };

export type PartDelivery = { 
/**
 * Interaction id (`REPC_IN990111NL`) or FHIR resource (`Bundle`).
 */
interaction: string, 
/**
 * The sections it fills, or would have filled.
 */
sections: Array<SectionKind>, 
/**
 * How it was answered.
 */
delivery: Delivery, };

export type PartialContact = { 
/**
 * Sequence number as received; `None` where it had none.
 */
number: string | null, 
/**
 * Journal lines in the order received.
 */
lines: Array<JournalLine>, 
/**
 * Diagnoses.
 */
diagnoses: Array<Diagnosis>, 
/**
 * Keys of the prescriptions that stand here.
 */
medication: Array<string>, 
/**
 * Ids of the contact report it was read from, where there is one.
 */
ids: Array<Identifier>, 
/**
 * Who wrote it, where it says so of its own.
 */
author: Author | null, 
/**
 * When, where it has a time of its own.
 */
period: Period, 
/**
 * What it refers to (a concern).
 */
references: Array<LineReference>, 
/**
 * Further named values.
 */
details: Array<Detail>, };

export type PartialDate = { 
/**
 * Verbatim.
 */
raw: string, 
/**
 * How precise it is; `unreadable` shows `raw`.
 */
precision: Precision, 
/**
 * Year, where readable.
 */
year: number | null, 
/**
 * Month 1–12, where given.
 */
month: number | null, 
/**
 * Day 1–31, where given.
 */
day: number | null, 
/**
 * Hour 0–23, where given.
 */
hour: number | null, 
/**
 * Minute 0–59, where given.
 */
minute: number | null, 
/**
 * Second 0–59, where given.
 */
second: number | null, };

export type Patient = { 
/**
 * BSN as nine digits, already checked against the one asked for.
 */
bsn: string, 
/**
 * Name.
 */
name: HumanName, 
/**
 * Administrative gender as received.
 */
gender: Coded | null, 
/**
 * Birth date as received.
 */
birth_date: PartialDate | null, 
/**
 * Deceased, as received: `Some` only where the message says so.
 */
deceased: Deceased | null, 
/**
 * Birth place, verbatim parts.
 */
birth_place: Address | null, 
/**
 * Addresses.
 */
addresses: Array<Address>, 
/**
 * Phone and such.
 */
telecoms: Array<Telecom>, 
/**
 * Registration status as received.
 */
status: string | null, 
/**
 * The own GP and practice.
 */
general_practitioner: Author | null, };

export type Period = { 
/**
 * A single moment (`effectiveTime/@value`).
 */
at: PartialDate | null, 
/**
 * Start as given.
 */
low: PartialDate | null, 
/**
 * End as given; `None` is "not stated", never "until now".
 */
high: PartialDate | null, 
/**
 * Why there is none, as the message's nullFlavor says.
 */
null_flavor: string | null, };

export type PersonCard = { 
/**
 * Identification.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Role.
 */
role: Role, 
/**
 * Role in words.
 */
role_name: string, 
/**
 * Views only on the responsibility of a doctor who is to be named.
 */
needs_responsible: boolean, 
/**
 * Can be that doctor.
 */
can_be_responsible: boolean, };

export type PracticePatient = { 
/**
 * Nine digits.
 */
bsn: string, 
/**
 * ISO date.
 */
birth_date: string, 
/**
 * What it shows, in Dutch.
 */
label_nl: string, 
/**
 * What it shows, in English.
 */
label_en: string, };

export type Precision = "unreadable" | "year" | "month" | "day" | "minute" | "second";

export type ProgressState = "waiting" | "arrived" | "nothing" | "failed" | "cancelled";

export type Quantity = { 
/**
 * The number as written in the message.
 */
value: string | null, 
/**
 * The unit as written in the message (UCUM mostly).
 */
unit: string | null, 
/**
 * The same in other units or code systems.
 */
translations: Array<QuantityTranslation>, 
/**
 * Why there is none.
 */
null_flavor: string | null, };

export type QuantityTranslation = { 
/**
 * The number as written.
 */
value: string | null, 
/**
 * The unit as coded.
 */
unit: Coded, };

export type Reason = "other_patient" | "other_birth_date" | "invalid_bsn" | "two_patients" | "no_bsn" | "opted_out" | "setting_not_allowed" | "emergency_explicit_refused" | "measure_stopped" | "no_suspicion" | "no_agreement";

export type Recorded = { "outcome": "done", 
/**
 * Local time, `HH:MM`.
 */
at: string, } | { "outcome": "failed", 
/**
 * What happened.
 */
trouble: Trouble, };

export type ReferenceRange = { 
/**
 * Lower bound.
 */
low: Quantity | null, 
/**
 * Upper bound.
 */
high: Quantity | null, 
/**
 * Text.
 */
text: string | null, 
/**
 * What a value inside it means.
 */
interpretation: Coded | null, };

export type Role = "doctor" | "physician_assistant" | "nurse_specialist" | "nurse" | "assistant" | "pharmacist" | "privacy_officer" | "unknown";

export type Section = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * What it is about.
 */
kind: SectionKind, 
/**
 * Title, verbatim.
 */
title: string | null, 
/**
 * Kind as coded (LOINC).
 */
code: Coded | null, 
/**
 * Key of the section it stands in.
 */
parent: string | null, 
/**
 * Why it holds no entries, as received (`emptyReason`); one that would tell of a restriction by
 * the patient is told as "no information".
 */
empty: Coded | null, 
/**
 * Its narrative.
 */
narrative: Narrative | null, 
/**
 * Its entries, by key, whatever list they stand in; a dangling one has no target.
 */
entries: Array<LineReference>, 
/**
 * Who answers for it, where it says so.
 */
author: Author | null, 
/**
 * Further named values.
 */
details: Array<Detail>, };

export type SectionKind = "allergies" | "contraindications" | "treatment_limits" | "attention_lines" | "alerts" | "episodes" | "past_problems" | "contacts" | "medication" | "measurements" | "laboratory" | "procedures" | "immunisations" | "devices" | "social_history" | "pregnancy" | "functional_status" | "care_plan" | "patient_story" | "family_history" | "other";

export type Session = { 
/**
 * Name.
 */
name: string, 
/**
 * Role.
 */
role: Role, 
/**
 * Role in words.
 */
role_name: string, 
/**
 * Responsible doctor's name, where there is one.
 */
responsible: string | null, 
/**
 * Setting.
 */
setting: Setting, 
/**
 * May look up a patient.
 */
may_view: boolean, 
/**
 * May open the log.
 */
may_open_log: boolean, };

export type Setting = "after_hours" | "emergency" | "other";

export type Severity = "info" | "warning" | "error";

export type SignInRequest = { 
/**
 * UUID v4 made by the page; a repeat is answered with the first result.
 */
request_id: string, 
/**
 * Whose card.
 */
person: string, 
/**
 * The PIN.
 */
pin: string, 
/**
 * The responsible doctor's id, for those who need one.
 */
responsible: string | null, 
/**
 * Setting, where it is chosen at start.
 */
setting: Setting | null, };

export type SignInResult = { "outcome": "signed_in", 
/**
 * The session.
 */
session: Session, } | { "outcome": "refused", 
/**
 * Why.
 */
trouble: Trouble, 
/**
 * Seconds to wait before the next try, after wrong PINs.
 */
wait_seconds: number, };

export type SourceProgress = { 
/**
 * Key (`s1`).
 */
key: string, 
/**
 * Name.
 */
name: string, 
/**
 * Where it is.
 */
state: ProgressState, };

export type SourceState = { 
/**
 * Key of the source.
 */
source: string, 
/**
 * Its state.
 */
state: State, 
/**
 * Why it was withheld, where it was.
 */
withheld: WithheldCause | null, };

export type SourceSummary = { 
/**
 * Key within this summary (`s1`).
 */
key: string, 
/**
 * Name to show: practice or pharmacy; the exchange's word until the message gives its own.
 */
name: string, 
/**
 * The organisation as the message gives it.
 */
organisation: Organisation | null, 
/**
 * Who answers for the record (own GP).
 */
author: Author | null, 
/**
 * Basis; `None` where nothing arrived to conclude it from.
 */
basis: Basis | null, 
/**
 * What the basis was concluded from.
 */
provenance: BasisProvenance | null, 
/**
 * Where the message carried what the basis was concluded from; `None` where it carried nothing.
 */
marker_in: MarkerElement | null, 
/**
 * The decision taken for it; `None` where nothing arrived to decide on.
 */
decision: Decision | null, 
/**
 * How it answered.
 */
delivery: Delivery, 
/**
 * How each of its messages was answered, with the sections it would have filled.
 */
parts: Array<PartDelivery>, 
/**
 * When it was retrieved: local time, ISO 8601 with seconds.
 */
retrieved_at: string | null, 
/**
 * The patient as this source describes them.
 */
patient: Patient | null, 
/**
 * What the message says about itself (id, creation time, sender, …), verbatim.
 */
transmission: Array<Fact>, };

export type State = "withheld_by_rule" | "awaited" | "unreachable" | "incomplete" | "contradictory" | "unreadable" | "known" | "not_asserted" | "none_known";

export type Statement = { 
/**
 * Key within the summary.
 */
key: string, 
/**
 * Key of the source.
 */
source: string, 
/**
 * Ids as received.
 */
ids: Array<Identifier>, 
/**
 * What it says.
 */
kind: StatementKind, 
/**
 * The author's text, verbatim.
 */
text: string | null, 
/**
 * The kind of observation as coded in the message.
 */
code: Coded | null, 
/**
 * Substance, group, contra-indication or limit as coded.
 */
value: Coded | null, 
/**
 * Status as received.
 */
status: string | null, 
/**
 * Period as given.
 */
period: Period, 
/**
 * Who stated it (own, conducted or the document's; see `Author::conducted`).
 */
author: Author | null, 
/**
 * `negationInd` as received.
 */
negated: boolean | null, 
/**
 * Further named values: `agent`, `reaction` (with its `severity`), `criticality`, `certainty`, `reporter` …
 */
details: Array<Detail>, 
/**
 * What it refers to (a concern).
 */
references: Array<LineReference>, };

export type StatementKind = "entry" | "negated" | "none_known" | "scoped" | "no_information" | "refuted" | "unreadable";

export type Summary = { 
/**
 * The patient; `None` where nothing with content was received.
 */
patient: Patient | null, 
/**
 * Every source that was asked, the refused and the failed ones too.
 */
sources: Array<SourceSummary>, 
/**
 * Whether everything that was announced arrived from every source.
 */
complete: boolean, 
/**
 * Allergies and intolerances.
 */
allergies: Part, 
/**
 * Contra-indications.
 */
contraindications: Part, 
/**
 * Treatment limits.
 */
treatment_limits: Part, 
/**
 * Present exactly where ICA were withheld by rule.
 */
ask: AskPrompt | null, 
/**
 * Attention lines, newest first.
 */
attention_lines: Array<AttentionLine>, 
/**
 * Episodes, in the order received.
 */
episodes: Array<Episode>, 
/**
 * Contacts, newest first.
 */
contacts: Array<Contact>, 
/**
 * Prescriptions, newest first. Not current use.
 */
medication: Array<Medication>, 
/**
 * Measurements, newest first.
 */
measurements: Array<Measurement>, 
/**
 * Laboratory and other diagnostic results, newest first.
 */
laboratory: Array<Measurement>, 
/**
 * Alerts that are no contra-indications.
 */
alerts: Array<Entry>, 
/**
 * Everything else with a meaning of its own: procedures, immunisations, devices …
 */
others: Array<Entry>, 
/**
 * The documents' own sections, in the order received: an unknown section is a section too.
 */
sections: Array<Section>, 
/**
 * Narratives of single entries.
 */
narratives: Array<EntryNarrative>, 
/**
 * Entries that look like one and the same.
 */
duplicates: Array<Duplicate>, 
/**
 * Everything received that this version does not interpret.
 */
unrecognised: Array<Unrecognised>, 
/**
 * What the readers noticed.
 */
findings: Array<Finding>, };

export type SuspicionRequest = { 
/**
 * UUID v4 made by the page.
 */
request_id: string, 
/**
 * Which view.
 */
view_id: string, 
/**
 * The new answer.
 */
suspicion: boolean, };

export type TableCell = { 
/**
 * Whether it heads a row or a column.
 */
header: boolean, 
/**
 * How many columns it takes; at least 1.
 */
columns: number, 
/**
 * How many rows it takes; at least 1.
 */
rows: number, 
/**
 * What stands in it.
 */
content: Array<Block>, };

export type TableRow = { 
/**
 * Its cells.
 */
cells: Array<TableCell>, };

export type Telecom = { 
/**
 * Verbatim (`tel:+31775550123`).
 */
value: string, 
/**
 * Use as received (`HP`, `WP`, `MC`).
 */
usage: string | null, };

export type Trouble = { 
/**
 * Stable code (`log_unwritable`).
 */
code: string, 
/**
 * In Dutch.
 */
nl: TroubleText, 
/**
 * In English.
 */
en: TroubleText, };

export type TroubleText = { 
/**
 * What happened.
 */
what: string, 
/**
 * What to do now, and who can.
 */
now: string, };

export type Unrecognised = { 
/**
 * Key of the source.
 */
source: string, 
/**
 * Path of element names with positions.
 */
path: string, 
/**
 * Attribute names (`@code`) and text (`text`) with their values.
 */
values: Array<Fact>, };

export type View = { 
/**
 * Names this view in every later command.
 */
view_id: string, 
/**
 * The patient banner; `None` where nothing with content was received.
 */
banner: Banner | null, 
/**
 * The number asked for, in groups.
 */
bsn_grouped: string, 
/**
 * Whether nothing was received from any source.
 */
nothing_received: boolean, 
/**
 * The summary.
 */
summary: Summary, 
/**
 * When the view was logged: local time, `HH:MM`.
 */
logged_at: string, 
/**
 * When agreement was given: local time, `HH:MM`.
 */
agreed_at: string | null, 
/**
 * Who agreed.
 */
agreement: Agreement | null, 
/**
 * Possible corona, as answered.
 */
suspicion: boolean | null, 
/**
 * The measure at the moment of the decision.
 */
measure: Measure, 
/**
 * The ask prompt's answer so far.
 */
asked: AskedState | null, };

export type WithheldCause = "corona" | "not_established" | "national_rule";
