import type { PracticePatient } from "../backend/contract";
import { Disclosure } from "../parts/disclosure";
import { useUi } from "../ui-context";

/** Training only: fictitious patients by what they show. */
export function PracticeList({ onChoose }: { onChoose: (patient: PracticePatient) => void }) {
  const { state, words } = useUi();
  const patients = state.boot?.practice_patients ?? [];
  if (!state.boot?.training || patients.length === 0) return null;
  return (
    <Disclosure class="practice" label={`${words.lookUp.practice} (${patients.length})`}>
      {() => (
        <>
          <p class="fine">{words.lookUp.practiceHint}</p>
          <ul>
            {patients.map((patient) => (
              <li key={patient.bsn}>
                <button type="button" data-testid={`practice-${patient.bsn}`} onClick={() => onChoose(patient)}>
                  <span class="num">{patient.bsn}</span>
                  <span>{state.language === "nl" ? patient.label_nl : patient.label_en}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Disclosure>
  );
}
