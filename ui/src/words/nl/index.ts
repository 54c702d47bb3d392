import { clinical } from "./clinical";
import { details } from "./details";
import { document } from "./document";
import { fields } from "./fields";
import { frame } from "./frame";
import { help } from "./help";
import { log } from "./log";
import { lookUp } from "./look-up";
import { outcomes } from "./outcomes";
import { sections } from "./sections";
import { signIn } from "./sign-in";

export const nl = { frame, signIn, lookUp, help, outcomes, clinical, sections, document, log, fields, details };
