export { paperFill, type PaperFill, type PaperOrder, type PaperTerms } from './paper-fill.ts';
