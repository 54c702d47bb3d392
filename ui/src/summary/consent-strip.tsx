import { useState } from "preact/hooks";

import type { LookUpRequest, SourceSummary, View } from "../backend/contract";
import { formatMoment } from "../format/date";
import { organisationName } from "../format/name";
import { sourcePhone } from "../format/phone";
import { CoronaMark, ExplicitMark, UnknownMark, WarningMark } from "../parts/icons";
import { useUi } from "../ui-context";
import { basisLines, type BasisKind } from "./basis";
import { hasAnswered, mayBringMore, sourceRemark } from "./delivery";

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
            {line === lines[0] && <ChangeSuspicion view={view} request={request} kind={line.kind} />}
          </div>
        ))}
      </div>
      <Sources view={view} request={request} single={sources.length === 1} />
    </section>
  );
}

function BasisMark({ kind }: { kind: BasisKind }) {
  if (kind === "explicit") return <ExplicitMark />;
  return kind === "corona" ? <CoronaMark /> : <UnknownMark />;
}

/** Each source with its phone and what there is to say about its answer. */
function Sources({ view, request, single }: ConsentStripProps & { single: boolean }) {
  const { actions, words } = useUi();
  const { summary } = view;
  const answered = summary.sources.filter(hasAnswered).length;
  const again = mayBringMore(summary);
  const count = words.clinical.answered(answered, summary.sources.length);
  return (
    <div class={single ? "src" : "src several"}>
      {summary.sources.map((source) => <SourceLine key={source.key} source={source} suffix={single ? count : null} />)}
      <p class="all">
        {!single && <>{count}{" "}</>}
        {!summary.complete && <span class="remark"><WarningMark />{words.clinical.incomplete}</span>}{" "}
        {again && (
          <button type="button" class="small" data-testid="again" onClick={() => actions.again(view.view_id, request)}>{words.clinical.again}</button>
        )}
      </p>
    </div>
  );
}

function SourceLine({ source, suffix }: { source: SourceSummary; suffix: string | null }) {
  const { state, words } = useUi();
  const phone = sourcePhone(source.organisation, source.author);
  const remark = sourceRemark(source, words);
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
function ChangeSuspicion({ view, request, kind }: ConsentStripProps & { kind: BasisKind }) {
  const { state, actions, words } = useUi();
  const [asking, setAsking] = useState(false);
  const rests = kind === "corona" || kind === "not_established";
  if (!rests || view.suspicion === null || state.measure?.state !== "active") return null;
  const next = !view.suspicion;
  if (!asking) {
    return (
      <button type="button" class="small" data-testid="change-suspicion" onClick={() => setAsking(true)}>{words.clinical.changeSuspicion}</button>
    );
  }
  return (
    <div class="change" role="group" aria-label={words.clinical.changeSuspicion}>
      <p>{next ? words.clinical.changeToYes : words.clinical.changeToNo}</p>
      <button type="button" class="small" data-testid="change-suspicion-confirm" onClick={() => actions.changeSuspicion(view.view_id, request, next)}>
        {words.clinical.changeDo}
      </button>
      <button type="button" class="small" onClick={() => setAsking(false)}>{words.frame.cancel}</button>
    </div>
  );
}
