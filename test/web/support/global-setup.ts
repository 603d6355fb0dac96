import { installChromium } from './browser.js';

/** Before any test file asks for it, so that two of them do not install it at once. */
export default function setup(): void {
  installChromium();
}
