// @vitest-environment node
import { expect, it } from 'vitest';
import { filesOf } from './service_worker';

const part = (name: string, more: Partial<Parameters<typeof filesOf>[1][number]> = {}) => ({
  isEntry: false,
  name,
  fileName: `assets/${name}.js`,
  imports: [],
  dynamicImports: [],
  css: [],
  ...more,
});

it('lists everything that a face can ask for, and nothing of the other faces', () => {
  const parts = [
    part('public', {
      isEntry: true,
      imports: ['assets/shared.js'],
      dynamicImports: ['assets/panel.js'],
      css: ['assets/public.css'],
    }),
    part('shared', { imports: ['assets/public.js'] }),
    part('panel', { imports: ['assets/shared.js'], css: ['assets/panel.css'] }),
    part('desk', { isEntry: true, imports: ['assets/shared.js'] }),
  ];
  expect(filesOf('public', parts)).toEqual([
    'assets/public.js',
    'assets/public.css',
    'assets/shared.js',
    'assets/panel.js',
    'assets/panel.css',
  ]);
  expect(filesOf('missing', parts)).toEqual([]);
});
