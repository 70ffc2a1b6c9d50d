import { newestVscode } from '../setup/vscodeReleases.ts';
import { smokeJourney } from './support/smokeJourney.ts';

smokeJourney('smoke-newest', newestVscode);
