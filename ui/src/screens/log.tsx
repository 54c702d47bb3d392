import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { DeliveryLine, LogVerdict, LogView, OverviewTable } from "../backend/contract";
import { formatStamp } from "../format/date";
import { Keys } from "../parts/frame";
import { useShortcuts } from "../shortcuts";
import { useUi } from "../ui-context";
import { OverviewForm, OverviewResultView } from "./overview";

/** The log of this workstation, for the privacy officer; whoever opened it stands in it, too. */
export function LogScreen({ log }: { log: LogView }) {
  const { state, actions, words } = useUi();
  const [request, setRequest] = useState<string | null>(null);
  const [hasKey, setHasKey] = useState(log.key);
  const [overview, setOverview] = useState<OverviewTable | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const back = () => actions.toLookUp();
  useShortcuts((shortcut) => {
    if (shortcut.shortcut !== "escape") return false;
    if (overview !== null) setOverview(null);
    else if (request !== null) setRequest(null);
    else back();
    return true;
  });

  const shown = useMemo(
    () => (request === null ? log.entries : log.entries.filter((entry) => entry.request === request)),
    [log, request],
  );
  const text = words.log;
  if (overview !== null) {
    return (
      <>
        <main class="log" data-testid="log-overview"><OverviewResultView overview={overview} onBack={() => setOverview(null)} /></main>
        <Keys><span>{text.contact}</span></Keys>
      </>
    );
  }
  return (
    <>
      <main class="log" data-testid="log-view">
        <div class="log-head">
          <h1 ref={heading} tabIndex={-1}>{text.title} <small class="tag">{text.onlyHere}</small></h1>
          <p role="status">
            {request === null ? text.count(shown.length, log.total) : text.followed(request, shown.length, log.total)}{" "}
            {request !== null && <button type="button" onClick={() => setRequest(null)}>{text.unfollow} <kbd>Esc</kbd></button>}
          </p>
          <Verdict verdict={log.verified} />
          {log.delivery.map((line) => <Delivery key={line.name} line={line} />)}
        </div>
        <OverviewForm hasKey={hasKey} onKey={() => setHasKey(true)} onOverview={setOverview} />
        <div class="log-body" tabIndex={0} role="group" aria-label={text.title}>
          {log.entries.length === 0 && <p>{text.empty}</p>}
          <table>
            <thead>
              <tr>
                <th scope="col">{text.number}</th><th scope="col">{text.time}</th><th scope="col">{text.event}</th>
                <th scope="col">{text.role}</th><th scope="col">{text.details}</th><th scope="col">{text.request}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <tr key={entry.sequence}>
                  <td class="num">{entry.sequence}</td>
                  <td class="num"><time dateTime={entry.at}>{formatStamp(entry.at, state.language)}</time></td>
                  <th scope="row">{text.events[entry.event] ?? entry.event}</th>
                  <td>{entry.role ? words.frame.roles[entry.role] : ""}</td>
                  <td>
                    {entry.facts.map((fact, at) => (
                      <span class="fact" key={at}><span class="soft">{text.facts[fact.name] ?? fact.name.replaceAll("_", " ")}:</span> {text.values[fact.value] ?? codeInWords(fact.value)}</span>
                    ))}
                  </td>
                  <td>
                    {entry.request !== null && (
                      <button type="button" class="link" title={text.filter} onClick={() => setRequest(entry.request)}><code>{entry.request}</code></button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </main>
      <Keys>
        <span>{text.contact}</span>
        <span class="grow" />
        <button type="button" class="link" onClick={back}><kbd>Esc</kbd> {text.back}</button>
      </Keys>
    </>
  );
}

/** How a receiver of the log is doing; what is wrong first. */
function Delivery({ line }: { line: DeliveryLine }) {
  const { state, words } = useUi();
  const text = words.log.delivery;
  const wrong = line.code !== null;
  return (
    <p class={wrong ? "told" : "soft"} role={wrong ? "alert" : undefined} data-testid="delivery">
      {text.to(line.name, line.own_repository)} {text.states[line.state]}
      {line.undelivered > 0 && <> {text.undelivered(line.undelivered, line.oldest === null ? null : formatStamp(line.oldest, state.language))}</>}
      {line.sent_sealed > 0 && <> {text.sealed(line.sent_sealed)}</>}
      {line.code !== null && <> {text.causes[line.code] ?? line.said} <code>{line.code}</code></>}
    </p>
  );
}

/** What recomputing the log found, how far it is signed, and what is to be looked at. */
function Verdict({ verdict }: { verdict: LogVerdict }) {
  const { words } = useUi();
  const text = words.log;
  if (verdict.verdict === "fault") {
    const what = text.faults[verdict.code] ?? verdict.code;
    return <p class="told" role="alert">{text.fault(what, verdict.sequence, verdict.checkpoint)} <code>{verdict.code}</code></p>;
  }
  const left = verdict.remarks.length + verdict.remarks_more;
  const first = verdict.remarks[0];
  return (
    <p class="soft">
      {text.intact} {verdict.signed > 0 ? text.signed(verdict.signed) : text.unsigned} {verdict.keychain ? text.tailSeen : text.tailUnseen}
      {verdict.expired > 0 && <> {text.expiredCount(verdict.expired)}</>}
      {first && <> {text.remark(text.remarks[first.code] ?? first.code, first.sequence, left)}</>}
    </p>
  );
}

/** A code in words; a name or a number as it stands. */
function codeInWords(value: string): string {
  return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll("_", " ") : value;
}
