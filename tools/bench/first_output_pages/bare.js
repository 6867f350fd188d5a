// The yardstick: a bare worker with Pyodide and numpy, running one line.

const from = new URL(self.location.href).searchParams.get('from');

self.onmessage = async ({ data: code }) => {
  const base = new URL(from, self.location.href).href;
  const { loadPyodide } = await import(`${base}pyodide.mjs`);
  const python = await loadPyodide({
    indexURL: base,
    packages: ['numpy'],
    stdout: (text) => self.postMessage(text),
  });
  await python.runPythonAsync(code);
  self.postMessage(null);
};
