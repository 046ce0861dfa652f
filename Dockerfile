FROM node:24-bookworm-slim

RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap ca-certificates git socat tini \
  && rm -rf /var/lib/apt/lists/*

# The coding agents to have inside, as npm packages: see docs/agents.md. Pin their versions.
ARG AGENTS=""
RUN if [ -n "$AGENTS" ]; then npm install --global $AGENTS && npm cache clean --force; fi

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY LICENSE app.yml agents.yaml ./
COPY workflows ./workflows
COPY src ./src

RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production SLUICE_DATA_DIR=/data SLUICE_SANDBOX=required PORT=3000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "src/main.ts"]
