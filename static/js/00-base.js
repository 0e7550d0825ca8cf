"use strict";
// Andon: progressive enhancement only. Every page works with this file absent.
// No words live here: what is shown comes from data- attributes, so that texts have one catalogue.
// Nothing parses HTML from text: elements are created, which is what Trusted Types asks for.
const root = document.documentElement;
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const on = (type, listener, capture = false) => document.addEventListener(type, listener, capture);

/** An element with a class, properties and children; a missing child is left out. */
const make = (tag, className, props, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  if (className) element.className = className;
  element.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
  return element;
};

/** "Recent calls of {name}" with the values put in. */
const fill = (text, values) => (text || "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

/** The function, called once the calls have paused for so long. */
const settled = (ms, run) => {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms, ...args);
  };
};

// Buttons that only serve the absence of script may leave now.
root.dataset.js = "";
