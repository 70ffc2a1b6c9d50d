import { askAboutHidden } from '../review/hiddenNodes.ts';
import type { ReviewAnswer } from '../review/reviewAnswer.ts';
import { ReviewPick } from '../review/reviewPick.ts';
import type { ReviewRequest } from '../review/reviewRequest.ts';
import { showText } from '../review/textView.ts';
import { showWarnings } from '../review/warningList.ts';
import type { ReviewView } from '../reviewView/reviewView.ts';
import { BACK } from '../../base/quickInput.ts';

export type ReviewResult = Exclude<
  ReviewAnswer,
  { readonly action: 'viewText' | 'viewWarnings' | 'askAboutHidden' }
>;

/**
 * Shows exactly what will run, and on which nodes. The user can clear nodes, and act on warnings.
 * @param view to review in; undefined for the quick pick
 */
export async function reviewStep(
  request: ReviewRequest,
  view: ReviewView | undefined,
): Promise<ReviewResult> {
  let { wanted } = request;
  for (;;) {
    const current = { ...request, wanted };
    const answer = view ? await view.ask(current) : await new ReviewPick(current).ask();
    switch (answer.action) {
      case 'viewText':
        wanted = answer.selected;
        await showText(request.session);
        break;
      case 'viewWarnings': {
        const fix = await showWarnings(request.session, answer.warnings);
        if (fix !== BACK && fix !== undefined) return { action: 'fix', selection: fix };
        wanted = answer.selected;
        break;
      }
      case 'askAboutHidden': {
        const { inSteps, acceptedIn } = answer;
        const targets = await askAboutHidden(request.session, answer);
        if (targets !== BACK && targets !== undefined) {
          return { action: 'run', targets, inSteps, acceptedIn };
        }
        wanted = new Set(answer.targets.map(({ label }) => label));
        break;
      }
      default:
        return answer;
    }
  }
}
