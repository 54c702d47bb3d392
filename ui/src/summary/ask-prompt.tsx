import { useState } from "preact/hooks";

import type { AskAnswer, AskPrompt as Ask, Trouble, View } from "../backend/contract";
import { TroubleBlock } from "../parts/trouble";
import { useUi } from "../ui-context";

interface AskPromptProps {
  view: View;
  ask: Ask;
}

/**
 * A mandatory action where allergies would be read. It cannot be dismissed: an answer changes
 * its words, and "could not be asked" weighs more, not less.
 */
export function AskPrompt({ view, ask }: AskPromptProps) {
  const { actions, words } = useUi();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { clinical } = words;
  const { asked } = view;

  const answer = async (value: AskAnswer) => {
    if (busy) return;
    setBusy(true);
    setTrouble(await actions.answerAsk(view.view_id, value));
    setBusy(false);
  };

  const names = view.summary.sources.filter((source) => ask.sources.includes(source.key)).map((source) => source.name);
  const unable = asked?.answer === "unable";
  return (
    <div class={unable ? "ask unable" : "ask"} data-testid="ask-prompt">
      <div class="disc" aria-hidden="true">!</div>
      <div class="ask-text">
        <h2>{clinical.askTitle}</h2>
        <p>
          {ask.causes.map((cause) => `${clinical.askCause[cause]} `)}
          <b>{clinical.askSeverity}</b>
        </p>
        {view.summary.sources.length > 1 && names.length > 0 && <p>{clinical.askSources(names.join(", "))}</p>}
        <p>{clinical.askQuestions}</p>
        <div role="status">
          {asked?.answer === "asked" && <p class="answered" data-testid="ask-answered">{clinical.askedBy(asked.at, asked.by)}</p>}
          {asked?.answer === "unable" && (
            <div class="answered heavy" data-testid="ask-answered">
              <p><b>{clinical.unableTitle}</b> {clinical.unableText}</p>
              <p class="fine">{clinical.unableBy(asked.at, asked.by)}</p>
            </div>
          )}
        </div>
        {trouble && <div role="alert"><TroubleBlock trouble={trouble} /></div>}
        <div class="answers">
          {asked?.answer !== "asked" && (
            <button type="button" data-testid="ask-asked" disabled={busy} onClick={() => answer("asked")}>{clinical.askAsked}</button>
          )}
          {asked?.answer !== "unable" && (
            <button type="button" data-testid="ask-unable" disabled={busy} onClick={() => answer("unable")}>{clinical.askUnable}</button>
          )}
        </div>
        <p class="fine">{clinical.askNote} {clinical.askNoList}</p>
      </div>
    </div>
  );
}
