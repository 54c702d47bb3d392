import { useEffect, useRef } from "preact/hooks";

import type { Age, Banner as BannerData, View } from "../backend/contract";
import { formatDate } from "../format/date";
import { bannerName } from "../format/name";
import { useUi } from "../ui-context";
import type { Words } from "../words/words";
import { allergyCell, limitCell, type Cell } from "./cells";

/** Whom the screen is about; on top of every view of a patient, never covered, never scrolled away. */
export function Banner({ view }: { view: View }) {
  const { state, words } = useUi();
  const { banner, summary } = view;
  const root = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useHeight(root);

  const { language } = state;
  return (
    <section ref={root} class={banner?.deceased ? "patient deceased" : "patient"} data-testid="banner" aria-label={words.clinical.patient}>
      <div class="who-is">
        <h1 ref={heading} tabIndex={-1}>{banner ? bannerName(banner) || words.clinical.nameNotStated : words.clinical.asked(view.bsn_grouped)}</h1>
        {banner ? <Identity banner={banner} /> : <p class="soft">{words.clinical.nobodyShown}</p>}
      </div>
      <CellBox testid="banner-allergies" kind="allergy" cell={allergyCell(summary, words, language)} />
      <CellBox testid="banner-limit" kind="limit" cell={limitCell(summary, words, language)} />
    </section>
  );
}

function Identity({ banner }: { banner: BannerData }) {
  const { state, words } = useUi();
  const { clinical } = words;
  const { language } = state;
  return (
    <dl>
      {banner.deceased && (
        <div class="died"><dt class="spoken">{clinical.deceased}</dt><dd>
          {banner.deceased.at ? clinical.deceasedAt(formatDate(banner.deceased.at, language)) : clinical.deceased}
        </dd></div>
      )}
      <div>
        <dt>{clinical.born}</dt>
        <dd>
          {banner.born ? formatDate(banner.born, language, "long") : clinical.notStated}{" "}
          {banner.age && <em>{ageText(banner.age, words)}</em>}
        </dd>
      </div>
      <div><dt>{clinical.gender}</dt><dd>{clinical.genders[banner.gender]}</dd></div>
      <div><dt>{clinical.bsn}</dt><dd class="num">{banner.bsn_grouped}</dd></div>
      <div><dt>{clinical.address}</dt><dd>{banner.address ?? clinical.notStated}</dd></div>
    </dl>
  );
}

/** Months under two years. */
export function ageText(age: Age, words: Words): string {
  const text = age.years < 2 ? words.clinical.months(age.months) : words.clinical.years(age.years);
  return age.about ? `${words.clinical.about} ${text}` : text;
}

function CellBox({ cell, kind, testid }: { cell: Cell; kind: string; testid: string }) {
  return (
    <div class={`cell ${kind} ${cell.weight}`} data-testid={testid} data-weight={cell.weight}>
      <small>{cell.label}</small> <b>{cell.text}</b>
    </div>
  );
}

/** Tells the style sheet how high the banner stands, so that focus never scrolls in behind it. */
function useHeight(root: { current: HTMLElement | null }): void {
  useEffect(() => {
    const element = root.current;
    if (!element || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(() => {
      document.documentElement.style.setProperty("--banner-height", `${element.offsetHeight}px`);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
}
