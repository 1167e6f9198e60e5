export {
  boost,
  importance,
  predictTrees,
  type BoostedTrees,
  type Boosting,
  type LabelledRows,
} from './boost.ts';
export { fromLightGbmText, toLightGbmText } from './lightgbm-text.ts';
export type { Tree } from './tree.ts';
