import { useState } from "preact/hooks";

import type { OverviewTable, Trouble } from "../backend/contract";
import { typedDay } from "../format/date";
import { TroubleBlock } from "../parts/trouble";
import { useUi } from "../ui-context";

/** What the form of an overview asks; as typed. */
interface Asked {
  bsn: string;
  user: string;
  from: string;
  to: string;
}

interface OverviewFormProps {
  /** Whether the organisation's key is at hand. */
  hasKey: boolean;
  onKey: () => void;
  onOverview: (overview: OverviewTable) => void;
}

/** Who saw what: first the organisation's key, then the question. */
export function OverviewForm({ hasKey, onKey, onOverview }: OverviewFormProps) {
  const { words } = useUi();
  return (
    <section class="log-ask" aria-label={words.log.overview.title}>
      {hasKey ? <AskForm onOverview={onOverview} /> : <KeyForm onKey={onKey} />}
    </section>
  );
}

/** The key file is read by the app; its content never comes to the page. */
function KeyForm({ onKey }: { onKey: () => void }) {
  const { actions, words } = useUi();
  const text = words.log.overview;
  const [path, setPath] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (path.trim() === "") return;
    const refused = await actions.openKey(path);
    setTrouble(refused);
    if (refused === null) onKey();
  };
  return (
    <form onSubmit={submit} class="log-form" noValidate>
      <div class="wide">
        <label for="key-file">{text.keyFile}</label>
        <input id="key-file" data-testid="key-file" value={path} spellcheck={false} autoComplete="off" onInput={(event) => setPath(event.currentTarget.value)} />
      </div>
      <button type="submit" class="go" data-testid="open-key">{text.openKey}</button>
      <p class="fine">{text.keyNote}</p>
      {trouble && <div role="alert"><TroubleBlock trouble={trouble} /></div>}
    </form>
  );
}

function AskForm({ onOverview }: { onOverview: (overview: OverviewTable) => void }) {
  const { state, actions, words } = useUi();
  const text = words.log.overview;
  const [asked, setAsked] = useState<Asked>(() => ({ bsn: "", user: "", from: typedDay(new Date()), to: typedDay(new Date()) }));
  const [wrong, setWrong] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const field = (name: keyof Asked, label: string, hint: string) => (
    <div>
      <label for={`overview-${name}`}>{label}</label>
      <input
        id={`overview-${name}`} data-testid={`overview-${name}`} value={asked[name]} autoComplete="off" spellcheck={false} placeholder={hint} aria-invalid={wrong === name}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setAsked((now) => ({ ...now, [name]: value }));
          setWrong(null);
        }}
      />
    </div>
  );
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const result = await actions.overview({ ...asked, language: state.language });
    setBusy(false);
    setWrong(result.outcome === "bad_input" ? result.field : null);
    setTrouble(result.outcome === "failed" ? result.trouble : null);
    if (result.outcome === "shown") onOverview(result.overview);
  };
  return (
    <form onSubmit={submit} class="log-form" noValidate>
      {field("bsn", text.bsn, text.everyone)}
      {field("user", text.user, text.everyone)}
      {field("from", text.from, text.begin)}
      {field("to", text.to, text.now)}
      <button type="submit" class="go" data-testid="show-overview" disabled={busy}>{text.show}</button>
      <p class="fine" role="status">{busy ? text.busy : text.logged}</p>
      {wrong && <p class="lacks" role="alert">{text.wrong[wrong] ?? text.wrong["nothing"]}</p>}
      {trouble && <div role="alert"><TroubleBlock trouble={trouble} /></div>}
    </form>
  );
}

/** One overview: its notices above the rows, whom to ask below; or the patient's version of it. */
export function OverviewResultView({ overview, onBack }: { overview: OverviewTable; onBack: () => void }) {
  const { words } = useUi();
  const text = words.log.overview;
  const [forPatient, setForPatient] = useState(false);
  return (
    <>
      <div class="log-head">
        <h1>{overview.title}</h1>
        <p class="do">
          <button type="button" onClick={onBack}>{text.back} <kbd>Esc</kbd></button>
          {overview.for_patient && (
            <button type="button" data-testid="for-patient" aria-pressed={forPatient} onClick={() => setForPatient((now) => !now)}>{text.forPatient}</button>
          )}
        </p>
        {!forPatient && overview.notices.map(({ said, warns }) => <p key={said} class={warns ? "told" : "soft"}>{said}</p>)}
      </div>
      {forPatient && overview.for_patient ? (
        <div class="log-body letter" tabIndex={0} data-testid="patient-version">{overview.for_patient.map((paragraph, at) => <p key={at}>{paragraph}</p>)}</div>
      ) : (
        <div class="log-body" tabIndex={0} role="group" aria-label={overview.title} data-testid="overview">
          {overview.rows.length === 0 ? <p class="empty">{text.nothing}</p> : (
            <table>
              <thead><tr>{overview.columns.map((column) => <th scope="col" key={column}>{column}</th>)}</tr></thead>
              <tbody>
                {overview.rows.map((row, at) => <tr key={at}>{row.map((cell, column) => <td key={column}>{cell}</td>)}</tr>)}
              </tbody>
            </table>
          )}
          {overview.patterns.length > 0 && (
            <div class="patterns"><h2>{text.patterns}</h2>{overview.patterns.map((pattern) => <p key={pattern}>{pattern}</p>)}</div>
          )}
          <p class="contact">{overview.contact}</p>
        </div>
      )}
    </>
  );
}
