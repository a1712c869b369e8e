export default {root: "src", title: "Displacement", sidebar: false, toc: false, pager: false, search: false, footer: "", globalStylesheets: []};
