import { oldestVscode } from '../setup/vscodeReleases.ts';
import { smokeJourney } from './support/smokeJourney.ts';

smokeJourney('smoke-oldest', oldestVscode);
