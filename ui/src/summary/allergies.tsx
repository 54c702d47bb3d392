import type { Part } from "../backend/contract";
import type { Words } from "../words/words";
import { AskPrompt } from "./ask-prompt";
import { saidBy, stateOf } from "./cells";
import { useSummary } from "./context";
import { Deliveries } from "./deliveries";
import { SectionNotes } from "./section-notes";
import { PerSource, Statements } from "./statements";

/** Allergies and contra-indications, each with a state of its own; the ask prompt stands first. */
export function Allergies() {
  const { view, summary, words } = useSummary();
  const { allergies, contraindications, ask } = summary;
  const state = stateOf(allergies);
  const several = summary.sources.length > 1;
  const onlyPrompt = ask !== null && isBare(allergies) && isBare(contraindications);
  return (
    <section
      class={`card ica state-${state}${ask ? " asks" : ""}`} data-testid="card-allergies"
      aria-labelledby="section-allergies"
    >
      {ask && <AskPrompt view={view} ask={ask} />}
      {/* Withheld by every source: the prompt says it all, so only the heading for Alt 1 stands here. */}
      <div class={onlyPrompt && !several ? "spoken" : "ica-lists"}>
        <StateLine id="section-allergies" part={allergies} level="main" lines={words.clinical.allergyState} />
        <PerSource part={allergies} />
        {!onlyPrompt && <Deliveries kind="allergies" />}
        <Statements part={allergies} />
        {!onlyPrompt && <SectionNotes kind="allergies" />}
        <StateLine id="section-contra" part={contraindications} level="sub" lines={words.clinical.contraState} />
        <PerSource part={contraindications} />
        {!onlyPrompt && <Deliveries kind="contraindications" />}
        <Statements part={contraindications} />
        {!onlyPrompt && <SectionNotes kind="contraindications" />}
      </div>
    </section>
  );
}

function isBare(part: Part): boolean {
  return part.state === "withheld_by_rule" && part.entries.length === 0;
}

interface StateLineProps {
  id: string;
  part: Part;
  level: "main" | "sub";
  lines: Words["clinical"]["allergyState"];
}

/**
 * The heading says the state. "Nothing received" is one calm line of its own: a bare heading with
 * nothing below would read as "none".
 */
export function StateLine({ id, part, level, lines }: StateLineProps) {
  const { words, language } = useSummary();
  const state = stateOf(part);
  const entries = part.entries.filter((entry) => entry.kind === "entry").length;
  const statement = state === "none_known" ? part.entries.find((entry) => entry.kind === "none_known") : undefined;
  const said = statement ? saidBy(statement, words, language) : null;
  if (state === "withheld_by_rule") return <WithheldLine id={id} part={part} level={level} title={splitState(lines[state]).head} />;
  const line = said ? `${lines[state]} — ${words.clinical.statedBy(said.who, said.when)}` : lines[state];
  const { head, rest } = splitState(line);
  return (
    <>
      <h2 id={id} tabIndex={-1} class={level}>
        {head}
        {entries > 0 && <span class="n">{entries}</span>}
      </h2>
      {rest && <p class="state-line">{rest}</p>}
    </>
  );
}

/** Says why by its cause: under "not established" nobody knows whether anything was sent. */
function WithheldLine({ id, part, level, title }: { id: string; part: Part; level: string; title: string }) {
  const { words } = useSummary();
  const causes = [...new Set(part.per_source.flatMap((one) => one.withheld ?? []))];
  const listed = part.per_source.length > 1;
  return (
    <>
      <h2 id={id} tabIndex={-1} class={level}>{title}</h2>
      {!listed && causes.map((cause) => <p class="state-line" key={cause}>{words.clinical.withheldCause[cause]}</p>)}
    </>
  );
}

/** "Allergieën: niets ontvangen. Dat …" → a heading and a sentence. */
function splitState(line: string): { head: string; rest: string | null } {
  const colon = line.indexOf(": ");
  if (colon < 0) return { head: line, rest: null };
  const rest = line.slice(colon + 2);
  return { head: line.slice(0, colon), rest: rest.charAt(0).toLocaleUpperCase() + rest.slice(1) };
}
