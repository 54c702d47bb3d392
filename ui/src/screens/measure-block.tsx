import type { Agreement } from "../backend/contract";
import { formatDate } from "../format/date";
import type { LookUpForm } from "../state";
import { useUi } from "../ui-context";

interface MeasureBlockProps {
  form: LookUpForm;
  asksAgreement: boolean;
  onChange: (part: Partial<LookUpForm>) => void;
}

const AGREEMENTS: readonly Agreement[] = ["patient", "representative", "cannot_be_asked"];

/** The questions that the measure (or a house rule) asks: neutral, nothing preselected. */
export function MeasureBlock({ form, asksAgreement, onChange }: MeasureBlockProps) {
  const { state, words } = useUi();
  const { measure, language } = state;
  const active = measure?.state === "active";
  return (
    <>
      {measure?.state === "stopped" && (
        <p class="soft stopped">
          {measure.since ? words.lookUp.measureStoppedSince(formatDate(measure.since, language, "long")) : words.lookUp.measureStopped}
          {measure.decided_by && ` (${measure.decided_by})`}
        </p>
      )}
      {asksAgreement && (
        <div class={active ? "measure" : "measure house"}>
          <p class="head">
            {measure?.state === "active" ? (
              <>
                {words.lookUp.measureActive}{" "}
                <small>{words.lookUp.measureSince(formatDate(measure.since, language, "long"), measure.decided_by)}</small>
              </>
            ) : (
              <small>{words.lookUp.houseRule}</small>
            )}
          </p>
          <fieldset>
            <legend>{words.lookUp.agreement}</legend>
            <div class="choices">
              {AGREEMENTS.map((value) => (
                <label class="choice" key={value}>
                  <input
                    type="radio" name="agreement" value={value} data-testid={`agreement-${value}`}
                    checked={form.agreement === value} onChange={() => onChange({ agreement: value })}
                  />
                  {words.lookUp.agreements[value]}
                </label>
              ))}
            </div>
            <p class="fine">{words.lookUp.agreementHint}</p>
          </fieldset>
          {active && (
            <fieldset>
              <legend>{words.lookUp.suspicion}</legend>
              <div class="choices">
                {[true, false].map((value) => (
                  <label class="choice" key={String(value)}>
                    <input
                      type="radio" name="suspicion" value={String(value)} data-testid={value ? "suspicion-yes" : "suspicion-no"}
                      checked={form.suspicion === value} onChange={() => onChange({ suspicion: value })}
                    />
                    {value ? words.lookUp.yes : words.lookUp.no}
                  </label>
                ))}
              </div>
            </fieldset>
          )}
        </div>
      )}
    </>
  );
}
