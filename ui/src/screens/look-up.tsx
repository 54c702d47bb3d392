import { useEffect, useRef, useState } from "preact/hooks";

import { MeasureBlock } from "./measure-block";
import { ObjectionStep } from "./objection";
import { PracticeList } from "./practice-list";
import type { BsnCheck, PracticePatient } from "../backend/contract";
import { Keys } from "../parts/frame";
import { NumberPad } from "../parts/number-pad";
import { useShortcuts } from "../shortcuts";
import { EMPTY_FORM, type LookUpForm, type LookUpNote } from "../state";
import { useUi } from "../ui-context";
import { bareNumber, birthDateProblem, tidyBirthDate, whatLacks } from "./look-up-form";

interface LookUpProps {
  form: LookUpForm;
  note: LookUpNote | null;
}

export function LookUpScreen(props: LookUpProps) {
  const { state } = useUi();
  return state.session?.may_view === false ? <LogOnly /> : <LookUpSheet {...props} />;
}

/** For a role that opens the log and never a summary. */
function LogOnly() {
  const { state, actions, words } = useUi();
  return (
    <main class="centre">
      <div class="sheet narrow stack">
        <h1>{words.lookUp.logOnlyTitle}</h1>
        {state.session?.may_open_log ? (
          <>
            <p>{words.lookUp.logOnlyText}</p>
            <button type="button" class="go" data-testid="open-log" onClick={actions.openLog}>{words.lookUp.openLog}</button>
          </>
        ) : (
          <p role="alert">{words.lookUp.notAllowed}</p>
        )}
      </div>
    </main>
  );
}

function LookUpSheet({ form: given, note: givenNote }: LookUpProps) {
  const { state, actions, words } = useUi();
  const [form, setForm] = useState(given);
  const [note, setNote] = useState(givenNote);
  const [cleared, setCleared] = useState<LookUpForm | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const [objecting, setObjecting] = useState(false);
  const [padFor, setPadFor] = useState<"bsn" | "birthDate">("bsn");
  const [check, setCheck] = useBsnCheck(form.bsn);
  const bsnField = useRef<HTMLInputElement>(null);
  const active = state.measure?.state === "active";
  const asksAgreement = active || state.boot?.ask_agreement_always === true;

  useEffect(() => {
    const badDate = givenNote?.note === "bad_input" && givenNote.field === "birth_date";
    (badDate ? document.getElementById("birth-date") : bsnField.current)?.focus();
  }, []);

  const change = (part: Partial<LookUpForm>) => {
    setForm((now) => ({ ...now, ...part }));
    setNote(null);
    setMissing(null);
    setCleared(null);
  };

  // Grouped as soon as it is a valid number: easier to read back to the patient.
  useEffect(() => {
    if (check.state === "valid") setForm((now) => (bareNumber(now.bsn) === bareNumber(check.grouped) ? { ...now, bsn: check.grouped } : now));
  }, [check]);

  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape") return false;
    if (objecting) setObjecting(false);
    else if (form !== EMPTY_FORM && JSON.stringify(form) !== JSON.stringify(EMPTY_FORM)) {
      setCleared(form);
      setForm(EMPTY_FORM);
      setNote(null);
      setMissing(null);
      bsnField.current?.focus();
    }
    return true;
  });

  const submit = async (event: Event) => {
    event.preventDefault();
    const fresh = await actions.checkBsn(bareNumber(form.bsn));
    setCheck(fresh);
    const lack = whatLacks(words, form, fresh, { asksAgreement, asksSuspicion: active });
    if (lack) {
      setMissing(lack.text);
      document.querySelector<HTMLElement>(lack.focus)?.focus();
      return;
    }
    await actions.lookUp({
      bsn: bareNumber(form.bsn),
      birthDate: form.birthDate.trim(),
      agreement: asksAgreement ? form.agreement : null,
      suspicion: active ? form.suspicion : null,
    });
  };

  const restore = () => {
    if (cleared) setForm(cleared);
    setCleared(null);
    bsnField.current?.focus();
  };

  const practise = (patient: PracticePatient) => {
    const [year, month, day] = patient.birth_date.split("-");
    setForm({ ...EMPTY_FORM, bsn: patient.bsn, birthDate: `${day}-${month}-${year}` });
    setNote(null);
    setMissing(null);
    document.querySelector<HTMLElement>("[name=agreement], [data-testid=ask-for-summary]")?.focus();
  };

  const startObjection = () => {
    if (check.state === "valid") setObjecting(true);
    else {
      setMissing(words.lookUp.objectionNeedsBsn);
      bsnField.current?.focus();
    }
  };

  const objected = (at: string) => {
    setObjecting(false);
    setForm(EMPTY_FORM);
    setNote({ note: "objected", at });
    bsnField.current?.focus();
  };

  const dateProblem = birthDateProblem(words, form.birthDate);
  return (
    <>
      <main class="centre">
        <div class="sheet-row">
          <div class="sheet">
            <h1 class="spoken">{words.lookUp.title}</h1>
            <NoteLine note={note} cleared={cleared !== null} onRestore={restore} />
            {objecting && check.state === "valid" ? (
              <ObjectionStep bsn={bareNumber(form.bsn)} grouped={check.grouped} onDone={objected} onBack={() => setObjecting(false)} />
            ) : (
              <form onSubmit={submit} noValidate class="look-up">
                <div class="pair">
                  <div>
                    <label for="bsn">{words.lookUp.bsn}</label>
                    <input
                      ref={bsnField} id="bsn" data-testid="bsn" class="big" inputMode="numeric" autoComplete="off" spellcheck={false}
                      value={form.bsn} aria-describedby="bsn-says" aria-invalid={check.state === "invalid"}
                      onFocus={() => setPadFor("bsn")} onInput={(event) => change({ bsn: event.currentTarget.value })}
                    />
                    <p id="bsn-says" class="says" aria-live="polite">
                      {check.state === "valid" && words.lookUp.valid}
                      {check.state === "incomplete" && <span class="soft">{words.lookUp.bsnHint}</span>}
                      {check.state === "invalid" && <b>{words.lookUp.bsnReasons[check.reason] ?? words.lookUp.invalid}</b>}
                    </p>
                  </div>
                  <div class="short">
                    <label for="birth-date">{words.lookUp.birthDate}</label>
                    <input
                      id="birth-date" data-testid="birth-date" class="big" inputMode="numeric" autoComplete="off" spellcheck={false}
                      value={form.birthDate} aria-describedby="birth-date-says"
                      onFocus={() => setPadFor("birthDate")}
                      onInput={(event) => change({ birthDate: event.currentTarget.value })}
                      onBlur={() => setForm((now) => ({ ...now, birthDate: tidyBirthDate(now.birthDate) }))}
                    />
                    <p id="birth-date-says" class="says" aria-live="polite">
                      {dateProblem ? <b>{dateProblem}</b> : <span class="soft">{words.lookUp.birthDateHint}</span>}
                    </p>
                  </div>
                </div>
                <NumberPad
                  value={padFor === "bsn" ? form.bsn : form.birthDate}
                  onChange={(value) => change(padFor === "bsn" ? { bsn: value } : { birthDate: value })}
                />
                <EmergencyContract />
                <MeasureBlock form={form} asksAgreement={asksAgreement} onChange={change} />
                <p class="lacks" aria-live="assertive" data-testid="lacks">{missing && <>{words.lookUp.missing} {missing}</>}</p>
                <div class="do">
                  <button type="submit" class="go" data-testid="ask-for-summary">{words.lookUp.act} <kbd>Enter</kbd></button>
                  <button type="button" class="quiet" data-testid="object" onClick={startObjection}>{words.lookUp.objects}</button>
                </div>
                <p class="note">{words.lookUp.note}</p>
              </form>
            )}
          </div>
          <PracticeList onChoose={practise} />
        </div>
      </main>
      <Keys>
        <span><kbd>Tab</kbd> {words.frame.keys.next}</span>
        <span><kbd>Enter</kbd> {words.frame.keys.enter}</span>
        <span><kbd>Esc</kbd> {words.frame.keys.clear}</span>
        <span class="grow" />
        {state.session?.may_open_log && (
          <button type="button" class="link" data-testid="open-log" onClick={actions.openLog}>{words.lookUp.openLog}</button>
        )}
        <span><kbd>F1</kbd> {words.frame.help}</span>
      </Keys>
    </>
  );
}

/** In an emergency department: what the connection contract says, as configured. */
function EmergencyContract() {
  const { state, words } = useUi();
  if (state.session?.setting !== "emergency" || !state.boot) return null;
  return <p class="soft stopped">{words.lookUp.emergencyExplicit[state.boot.emergency_explicit]}</p>;
}

interface NoteLineProps {
  note: LookUpNote | null;
  cleared: boolean;
  onRestore: () => void;
}

/** What became of the former request or form; announced to screen readers. */
function NoteLine({ note, cleared, onRestore }: NoteLineProps) {
  const { words } = useUi();
  return (
    <div role="status" class="note-line">
      {note?.note === "cancelled" && <p class="told">{words.lookUp.cancelled}</p>}
      {note?.note === "objected" && <p class="told" data-testid="objected">{words.lookUp.objected(note.at)}</p>}
      {note?.note === "bad_input" && (
        <p class="told" data-testid="bad-input">
          {(note.field === "bsn" ? words.lookUp.bsnReasons : words.lookUp.birthDateReasons)[note.reason] ??
            (note.field === "bsn" ? words.lookUp.invalid : words.lookUp.birthDateReasons["not_a_date"])}
        </p>
      )}
      {cleared && (
        <p class="told">{words.lookUp.cleared} <button type="button" onClick={onRestore}>{words.lookUp.restore}</button></p>
      )}
    </div>
  );
}

/** The app judges the number as it is typed; an answer to older text is dropped. */
function useBsnCheck(text: string): [BsnCheck, (check: BsnCheck) => void] {
  const { actions } = useUi();
  const [check, setCheck] = useState<BsnCheck>({ state: "incomplete" });
  const bare = bareNumber(text);
  useEffect(() => {
    let current = true;
    if (bare === "") setCheck({ state: "incomplete" });
    else void actions.checkBsn(bare).then((result) => current && setCheck(result));
    return () => {
      current = false;
    };
  }, [bare]);
  return [check, setCheck];
}
