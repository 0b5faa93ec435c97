FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node_modules/.bin/tsc -p tsconfig.build.json

FROM node:22-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:22-slim
WORKDIR /app
# A container has an address of its own; what reaches it from outside is said when it is run.
ENV NODE_ENV=production MAILPROOF_HOST=0.0.0.0
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 1025 8025
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "/app/dist/src/cli/main.js", "health"]
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
