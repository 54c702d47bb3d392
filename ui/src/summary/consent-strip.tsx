import { useState } from "preact/hooks";

import type { LookUpRequest, SourceSummary, Summary, Trouble, View } from "../backend/contract";
import { formatMoment } from "../format/date";
import { organisationName } from "../format/name";
import { sourcePhone } from "../format/phone";
import { CoronaMark, ExplicitMark, UnknownMark, WarningMark } from "../parts/icons";
import { TroubleBlock } from "../parts/trouble";
import { useUi } from "../ui-context";
import type { Words } from "../words/words";
import { basisLines, type BasisKind } from "./basis";
import { hasAnswered, mayBringMore, partRemark, sourceRemark } from "./delivery";

interface ConsentStripProps {
  view: View;
  request: LookUpRequest;
}

/** On what basis this is seen and from whom it came; quieter than an allergy. */
export function ConsentStrip({ view, request }: ConsentStripProps) {
  const { words } = useUi();
  const lines = basisLines(view, words);
  const { sources } = view.summary;
  return (
    <section class="consent" data-testid="consent-strip" aria-label={words.clinical.consent}>
      <div class="bases">
        {lines.map((line) => (
          <div class={`basis ${line.kind}`} key={line.kind + line.rest}>
            <BasisMark kind={line.kind} />
            <p>
              {lines.length > 1 && <>{line.sources.join(", ")} · </>}
              {words.clinical.basis} <b>{line.strong}</b>{line.rest}
            </p>
            {line === lines[0] && <ChangeSuspicion view={view} kind={line.kind} />}
          </div>
        ))}
      </div>
      {sources.length > 1 && <Together view={view} request={request} single={false} />}
      <Sources view={view} single={sources.length === 1} />
      {sources.length === 1 && <Together view={view} request={request} single />}
    </section>
  );
}

function BasisMark({ kind }: { kind: BasisKind }) {
  if (kind === "explicit") return <ExplicitMark />;
  return kind === "corona" ? <CoronaMark /> : <UnknownMark />;
}

/** Each source with its phone and what there is to say about its answer. */
function Sources({ view, single }: { view: View; single: boolean }) {
  const { words } = useUi();
  const { summary } = view;
  return (
    <div class={single ? "src" : "src several"}>
      {summary.sources.map((source) => <SourceLine key={source.key} source={source} suffix={single ? countText(summary, words) : null} />)}
    </div>
  );
}

/** What holds for all sources together, and asking anew where that may bring more. */
function Together({ view, request, single }: ConsentStripProps & { single: boolean }) {
  const { actions, words } = useUi();
  const { summary } = view;
  const again = mayBringMore(summary);
  if (single && summary.complete && !again) return null;
  return (
      <p class="all">
        {!single && <>{countText(summary, words)}{" "}</>}
        {!summary.complete && <span class="remark"><WarningMark />{words.clinical.incomplete}</span>}{" "}
        {again && (
          <button type="button" class="small" data-testid="again" onClick={() => actions.again(view.view_id, request)}>{words.clinical.again}</button>
        )}
      </p>
  );
}

function countText(summary: Summary, words: Words): string {
  return words.clinical.answered(summary.sources.filter(hasAnswered).length, summary.sources.length);
}

function SourceLine({ source, suffix }: { source: SourceSummary; suffix: string | null }) {
  const { state, words } = useUi();
  const phone = sourcePhone(source.organisation, source.author);
  const remark = partRemark(source, words) ?? sourceRemark(source, words);
  const place = organisationName(source.organisation);
  const name = place && place.startsWith(source.name) ? place : source.name;
  return (
    <p data-testid={`source-${source.key}`}>
      {name}
      {phone && <> · <span class="num">{phone}</span> ({words.clinical.officeHours})</>}
      {source.retrieved_at && <> · {words.clinical.retrieved(formatMoment(source.retrieved_at, new Date(), state.language))}</>}
      {suffix && <> · <span class="whole">{suffix}</span></>}
      {remark && <>{" "}<span class="remark"><WarningMark />{remark}</span></>}
    </p>
  );
}

/** A quiet control; changing is an event of its own in the log and judges the basis anew. */
function ChangeSuspicion({ view, kind }: { view: View; kind: BasisKind }) {
  const { state, actions, words } = useUi();
  const [asking, setAsking] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const rests = kind === "corona" || kind === "not_established";
  if (!rests || view.suspicion === null || state.measure?.state !== "active") return null;
  const next = !view.suspicion;
  const change = async () => {
    const trouble = await actions.changeSuspicion(view.view_id, next);
    setTrouble(trouble);
    if (trouble === null) setAsking(false);
  };
  if (!asking) {
    return (
      <button type="button" class="small" data-testid="change-suspicion" onClick={() => setAsking(true)}>{words.clinical.changeSuspicion}</button>
    );
  }
  return (
    <div class="change" role="group" aria-label={words.clinical.changeSuspicion}>
      <p>{next ? words.clinical.changeToYes : words.clinical.changeToNo}</p>
      <button type="button" class="small" data-testid="change-suspicion-confirm" onClick={change}>
        {words.clinical.changeDo}
      </button>
      <button type="button" class="small" onClick={() => setAsking(false)}>{words.frame.cancel}</button>
      {trouble && <div role="alert"><TroubleBlock trouble={trouble} /></div>}
    </div>
  );
}
